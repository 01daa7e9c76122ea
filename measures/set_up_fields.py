"""What the forms of set-up share: their fields, and how what is held differs from what was typed."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Hidden, Layout, Row, Submit
from django import forms
from django.core.exceptions import ValidationError

from accounts.house_forms import TOO_LONG

from .catalogue_targets import FirstTarget
from .derivation import Derivation
from .entries import TAKE_COUNTS, Bounds, tidied
from .forms import FigureField, typed_text
from .models import Series
from .numbers import Unit
from .quarters import TYPED_YEARS, Quarter
from .set_up_words import (
    BASIS_NAMES,
    DERIVATION_NAMES,
    LONGEST_TEXT,
    POLARITY_NAMES,
    UNIT_NAMES,
    WINDOW_NAMES,
)
from .target_problems import target_problems
from .terms import Basis, Window

CHOOSE = "Choose from the list."
QUARTER_HINT = "Such as Q2 2018/19."
UNCOUNTED = "Only percentages and rates are made of two counts. Choose another way, or another unit."


class QuarterText(forms.CharField):
    """A quarter as people write it, capitals and spaces aside."""

    default_error_messages = {
        "invalid": "Write the quarter as Q2 2018/19.",
        "too_far": f"Enter a quarter from {TYPED_YEARS[0]} to {TYPED_YEARS[-1]}.",
    }

    def widget_attrs(self, widget: forms.Widget) -> dict:
        return super().widget_attrs(widget) | {"autocomplete": "off", "class": "short"}

    def prepare_value(self, value):
        return value.label if isinstance(value, Quarter) else value

    def to_python(self, value: str | None) -> Quarter | None:
        text = " ".join((super().to_python(value) or "").upper().split())
        if not text:
            return None
        try:
            quarter = Quarter.parse(text)
        except ValueError as error:
            raise ValidationError(self.error_messages["invalid"]) from error
        if quarter.year not in TYPED_YEARS:
            raise ValidationError(self.error_messages["too_far"])
        return quarter

    def run_validators(self, value: Quarter | None) -> None:
        """Those of a text do not fit a quarter."""


class TidyText(forms.CharField):
    """A text as a file brings it back: browsers end lines in another way."""

    def __init__(self, *, several_lines: bool, **kwargs) -> None:
        super().__init__(**kwargs)
        self.several_lines = several_lines

    def to_python(self, value: str | None) -> str:
        try:
            return tidied(super().to_python(value), several_lines=self.several_lines)
        except ValueError as error:
            raise ValidationError(str(error)) from error


def text_field(
    longest: int = 0, *, label: str = "", asked: str = "", hint: str = "", rows: int = 0, short: bool = False
):
    return TidyText(
        several_lines=bool(rows),
        label=label or None,
        max_length=longest or None,
        required=bool(asked),
        help_text=hint,
        widget=forms.Textarea(attrs={"rows": rows})
        if rows
        else forms.TextInput(attrs={"class": "short"} if short else {}),
        error_messages={"required": asked, "max_length": TOO_LONG},
    )


def quarter_field(*, label: str, asked: str, hint: str = QUARTER_HINT) -> QuarterText:
    return QuarterText(label=label, help_text=hint, required=bool(asked), error_messages={"required": asked})


def choice_field(words, *, label: str, asked: str, hint: str = "", radio: bool = True) -> forms.ChoiceField:
    every = [(str(value), name) for value, name in words.items()]
    return forms.ChoiceField(
        label=label,
        choices=every if radio else [("", "Choose"), *every],
        widget=forms.RadioSelect if radio else forms.Select,
        help_text=hint,
        error_messages={"required": asked, "invalid_choice": CHOOSE},
    )


class SetUpForm(forms.Form):
    """`version` is the one that is held, None for something new; `also` what else names what is held. The page sends
    them back as they were when it was opened."""

    use_required_attribute = False
    failed = "Nothing was saved"

    def __init__(
        self,
        data=None,
        *,
        initial: dict | None = None,
        version: int | None = None,
        also: Mapping[str, int] | None = None,
        submit: str = "Save",
    ) -> None:
        super().__init__(data, initial=initial or {})
        for field in self.fields.values():
            # What is too long stays in the field to be shortened; the browser would cut it without a word.
            field.widget.attrs.pop("maxlength", None)
        self.version, self.submit = version, submit
        self.held = {} if version is None else {"version": version, **(also or {})}

    def arrange(self, *groups: tuple[str, list]) -> None:
        """Fieldsets of the fields that there are, each a legend with names, or rows of names."""
        self.helper = FormHelper()
        parts = []
        for legend, rows in groups:
            shown = [self._row(row) for row in rows]
            if held := [row for row in shown if row is not None]:
                parts += [Fieldset(legend, *held)] if legend else held
        self.helper.layout = Layout(*parts)
        self.helper.form_error_title = self.failed
        for name, value in self.held.items():
            # Of a form that is sent back what it was sent with: what is held now may be somebody else's by then.
            self.helper.add_input(Hidden(name, self.data.get(name, "") if self.is_bound else value))
        self.helper.add_input(Submit("", self.submit))

    def _row(self, row):
        names = [name for name in ([row] if isinstance(row, str) else row) if name in self.fields]
        if not names:
            return None
        return Row(*names) if len(names) > 1 else names[0]

    def tell(self, errors: dict[str, str]) -> None:
        """What a write function found; what has no field here stands on top."""
        for name, message in errors.items():
            self.add_error(name if name in self.fields else None, message)

    def differences(self) -> list[tuple[str, str, str]]:
        """Rows of what, held now, typed; only what differs. The initial values are what is held."""
        found = []
        for name, field in self.fields.items():
            held = field.prepare_value(self.get_initial_for_field(field, name))
            typed = self[name].value()
            if plain(held) != plain(typed):
                words = dict(getattr(field, "choices", ()))
                shown = [words.get(plain(each), plain(each)) for each in (held, typed)]
                found.append((field.label or name.replace("_", " ").capitalize(), *shown))
        return found


def plain(value: object) -> str:
    """As a text, whichever way its lines end."""
    return "" if value is None else "\n".join(str(value).split("\r\n")).strip()


class TargetFields(SetUpForm):
    """The first target; `polarity` and `decimals` are those that it is read with."""

    target = FigureField(label="Target", required=False, help_text="Empty where the contract sets none.")
    tolerance = FigureField(
        label="Tolerance", required=False, help_text="The value that bounds amber, not the distance from the target."
    )
    target_basis = choice_field(BASIS_NAMES, label="The target comes from", asked=CHOOSE, radio=False)
    tolerance_basis = choice_field(BASIS_NAMES, label="The tolerance comes from", asked=CHOOSE, radio=False)
    target_reason = text_field(
        500,
        label="Where it stands",
        hint="Such as Schedule 3, page 12. Both parties read it beside the target.",
        rows=2,
    )

    target_rows = [["target", "tolerance"], ["target_basis", "tolerance_basis"], "target_reason"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name in ("target_basis", "tolerance_basis"):
            self.fields[name].required = False
            self.initial.setdefault(name, Basis.CONTRACT.value)

    def take_percent(self, unit: str | None) -> None:
        """A % sign may follow a figure where the unit is a percentage, or not chosen yet."""
        for name in {"target", "tolerance", "maximum"} & self.fields.keys():
            self.fields[name].percent = not unit or unit == Unit.PERCENT

    def check_target(self, polarity: str | None, bounds: Bounds | None) -> None:
        found = self.cleaned_data
        if not polarity or bounds is None or {"target", "tolerance"} & self.errors.keys():
            return
        for name, message in target_problems(polarity, bounds, found.get("target"), found.get("tolerance")).items():
            self.add_error(name, message)

    @property
    def first_target(self) -> FirstTarget | None:
        found = self.cleaned_data
        if found.get("target") is None:
            return None
        bases = [Basis(found.get(name) or Basis.CONTRACT) for name in ("target_basis", "tolerance_basis")]
        return FirstTarget(found["target"], found["tolerance"], *bases, found["target_reason"])


class SeriesFields(TargetFields):
    """What says what a figure is, how it is counted, and the target that it starts with."""

    name = text_field(120, label="Name on charts and tables", hint="Empty: the measure’s title.")
    unit = choice_field(UNIT_NAMES, label="Unit", asked="Choose the unit.", radio=False)
    decimals = forms.TypedChoiceField(
        label="Decimals",
        choices=[(str(number), str(number)) for number in range(7)],
        coerce=int,
        help_text="As many as are printed, and compared with the target.",
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )
    polarity = choice_field(POLARITY_NAMES, label="Which way is better", asked="Say which way is better.")
    derivation = choice_field(
        DERIVATION_NAMES, label="How the quarter’s figure is made", asked="Say how the quarter’s figure is made."
    )
    window = choice_field(
        WINDOW_NAMES, label="What one figure covers", asked="Say what one figure covers.", radio=False
    )
    maximum = FigureField(
        label="Highest value that can be",
        required=False,
        help_text="Larger ones are refused. A percentage ends at 100.",
    )
    counted = text_field(
        60, label="What is counted, many", asked="Say what is counted, such as cases.", hint="Such as cases."
    )
    counted_one = text_field(60, label="The same, one", asked="Say it for one, such as case.", hint="Such as case.")
    definition = text_field(
        LONGEST_TEXT,
        label="How it is counted",
        asked="Say how it is counted: what, and of what.",
        hint="For a percentage: what is on top, and what it is a part of.",
        rows=4,
    )

    figure_rows = [["unit", "decimals"], "polarity", "derivation", ["window", "maximum"], ["counted", "counted_one"]]
    series_names = "name unit decimals polarity derivation window maximum counted counted_one".split()

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("decimals", 0)
        self.initial.setdefault("window", Window.PERIOD.value)
        self.take_percent(self.data.get("unit"))

    def clean(self) -> dict:
        found = super().clean()
        held = {name: found.get(name) for name in ("polarity", "decimals", "derivation", "unit")}
        held |= {
            name: getattr(self, "kept", {}).get(name, value) for name, value in held.items() if name not in self.fields
        }
        if held["derivation"] == Derivation.POOLED_RATIO and held["unit"] and Unit(held["unit"]) not in TAKE_COUNTS:
            self.add_error("derivation" if "derivation" in self.fields else None, UNCOUNTED)
        if "target" in self.fields:
            is_whole = held["unit"] and held["decimals"] is not None and "maximum" not in self.errors
            bounds = Bounds(Unit(held["unit"]), found.get("maximum"), held["decimals"]) if is_whole else None
            self.check_target(held["polarity"], bounds)
        return found

    @property
    def series_columns(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.series_names if name in self.fields}


def held_figure(value: Decimal | None) -> str:
    return typed_text(value) if value is not None else ""


def series_initial(row: Series) -> dict:
    names = [*SeriesFields.series_names, "role", "code", "first_quarter"]
    return {name: getattr(row, name) for name in names} | {"maximum": held_figure(row.maximum)}
