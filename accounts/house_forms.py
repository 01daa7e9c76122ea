"""What the forms of set-up share."""

from __future__ import annotations

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Hidden, Layout, Submit
from django import forms

from .denial import Invalid

TOO_LONG = "Use %(limit_value)s characters or fewer; this has %(show_value)s."


class HouseForm(forms.Form):
    """A form of these pages: our own words at each field, and the version of what it changes. `version` 0: nothing is
    held yet."""

    use_required_attribute = False

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            # What is too long stays in the field to be shortened; the browser would cut it without a word.
            field.widget.attrs.pop("maxlength", None)

    def tell(self, invalid: Invalid) -> None:
        """What the write function refused, at its field; what has none here is said above the form."""
        for name, message in invalid.errors.items():
            self.add_error(name if name in self.fields else None, message)

    def dress(self, layout: Layout, *, title: str, action: str, version: int) -> None:
        self.helper = FormHelper()
        self.helper.layout = layout
        self.helper.form_error_title = title
        self.helper.add_input(Hidden("version", version))
        self.helper.add_input(Submit("", action))
