"""The form of a contract's workbook: the file."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Field, Layout, Submit
from django import forms

from measures.import_forms import NO_FILE
from measures.imports.kinds import EMPTY


class WorkbookForm(forms.Form):
    use_required_attribute = False

    file = forms.FileField(
        label="Excel workbook of a contract",
        max_length=None,
        help_text="Or drop it here. Up to 10 MB. You see what would be made first; nothing is stored before you "
        "confirm it.",
        error_messages={"required": NO_FILE, "missing": NO_FILE, "invalid": NO_FILE, "empty": EMPTY},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.attrs = {"data-upload": "", "class": "drop"}
        self.helper.layout = Layout(Field("file", accept=".xlsx"), HTML('<p class="chosen muted" role="status"></p>'))
        self.helper.form_error_title = "The file was not read"
        self.helper.add_input(Submit("", "Read the workbook"))
