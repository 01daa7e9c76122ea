"""Forms of the committee's days."""

from __future__ import annotations

import datetime

from crispy_forms.layout import Hidden, Layout, Row
from django import forms

from accounts.house_forms import HouseForm

from .committee import problem
from .quarters import Quarter
from .set_up_fields import QuarterText

DAYS = ["%Y-%m-%d", "%d/%m/%Y", "%d %B %Y", "%d %b %Y"]


class DayForm(HouseForm):
    """The day of one quarter. `seen` is the one that the page showed, as an ISO date."""

    on = forms.DateField(
        label="The committee’s day",
        input_formats=DAYS,
        widget=forms.DateInput(attrs={"type": "date", "class": "short"}, format="%Y-%m-%d"),
        error_messages={"required": "Enter the day.", "invalid": "Enter a day such as 12/12/2018."},
    )

    def __init__(self, data=None, *, quarter: Quarter | None = None, on: datetime.date | None = None, seen="") -> None:
        super().__init__(data, initial={"on": on})
        self.quarter = quarter
        layout = Layout(Row("quarter", "on")) if quarter is None else Layout("on")
        self.dress(
            layout,
            title="The day was not saved",
            action="Save" if quarter else "Add the day",
            version=0,
        )
        self.helper.add_input(Hidden("seen", seen))

    def clean(self) -> dict:
        cleaned = super().clean()
        quarter, on = self.quarter or cleaned.get("quarter"), cleaned.get("on")
        if quarter and on and (message := problem(quarter, on)):
            self.add_error("on", message)
        return cleaned


class NewDayForm(DayForm):
    quarter = QuarterText(
        help_text="Such as Q2 2018/19.",
        error_messages={
            "required": "Enter the quarter that the committee takes.",
            "invalid": "Enter a quarter such as Q2 2018/19.",
        },
    )
    field_order = ["quarter", "on"]

    def __init__(self, data=None, *, proposed: Quarter) -> None:
        super().__init__(data)
        self.initial["quarter"] = proposed.label
