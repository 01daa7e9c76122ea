"""Forms of the workflow: a reason, and no more."""

from __future__ import annotations

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Hidden, Submit
from django import forms

from .areas import LONGEST_REASON, NO_REASON


class ReasonForm(forms.Form):
    reason = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=LONGEST_REASON,
        help_text="Both parties read it.",
        error_messages={
            "required": NO_REASON,
            "max_length": f"Use {LONGEST_REASON} characters or fewer; this has %(show_value)s.",
        },
    )

    def __init__(self, *args, action: str, hidden: dict[str, str] | None = None, **kwargs):
        """`action` is the button's label; `hidden` travels with the form as it stands."""
        super().__init__(*args, **kwargs)
        # The page says what is missing; the browser's own bubble would say it in other words and only once.
        self.use_required_attribute = False
        self.helper = FormHelper()
        for name, value in (hidden or {}).items():
            self.helper.add_input(Hidden(name, value))
        self.helper.add_input(Submit("go", action))
