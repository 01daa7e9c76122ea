"""Our crispy template pack: labels, hints and errors tied to their fields."""

import pytest
from crispy_forms.bootstrap import AppendedText, FieldWithButtons, FormActions, InlineRadios, StrictButton
from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Column, Div, Fieldset, Layout, Reset, Row, Submit
from crispy_forms.templatetags.crispy_forms_filters import as_crispy_errors, as_crispy_field, as_crispy_form
from crispy_forms.utils import render_crispy_form
from django import forms
from django.forms import formset_factory

from tests.markup import parse

pytestmark = pytest.mark.urls("tests.plain_urls")


class ValueForm(forms.Form):
    value = forms.DecimalField(
        label="Value", help_text="Per cent", widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "number"})
    )
    status = forms.ChoiceField(label="Status", choices=[("f", "Final"), ("p", "Provisional")], widget=forms.RadioSelect)
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A"), ("b", "B")])
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)
    sure = forms.BooleanField(label="Checked", help_text="Against the case system")
    sheet = forms.FileField(label="Sheet", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self):
        if self.data.get("value") == "7":
            raise forms.ValidationError("Seven is not allowed <here>.")


def field_of(tree, name):
    return tree.one("div", id=f"div_id_{name}")


def test_a_field_ties_label_and_hint_to_its_input():
    field = field_of(parse(as_crispy_form(ValueForm())), "value")
    assert field.attrs == {"id": "div_id_value", "class": "field"}
    assert [node.tag for node in field.children if not isinstance(node, str)] == ["label", "div", "input"]
    assert field.one("label").attrs == {"for": "id_value"}
    assert field.one("label").text == "Value"
    assert field.one("div", class_="hint").attrs == {"id": "id_value_helptext", "class": "hint"}
    assert field.one("input").attrs == {
        "type": "text",
        "name": "value",
        "inputmode": "decimal",
        "class": "number",
        "required": "",
        "id": "id_value",
        "aria-describedby": "id_value_helptext",
    }


def test_an_error_stands_at_its_field_and_keeps_what_was_typed():
    field = field_of(parse(as_crispy_form(ValueForm({"value": "abc<"}))), "value")
    assert field.attrs["class"] == "field invalid"
    assert field.one("p").attrs == {"id": "id_value_error", "class": "error-message"}
    assert field.one("p").text == "Error: Enter a number."
    box = field.one("input")
    assert (box.attrs["value"], box.attrs["aria-invalid"]) == ("abc<", "true")
    assert box.attrs["aria-describedby"] == "id_value_helptext id_value_error"


def test_optional_fields_say_so():
    tree = parse(as_crispy_form(ValueForm()))
    assert field_of(tree, "note").one("label").text == "Note (optional)"
    assert field_of(tree, "note").one("textarea").attrs["id"] == "id_note"
    assert field_of(tree, "sheet").one("input").attrs["type"] == "file"


def test_radios_are_a_fieldset_with_its_error():
    fieldset = field_of(parse(as_crispy_form(ValueForm({}))), "status").one("fieldset")
    assert fieldset.attrs == {"aria-describedby": "id_status_error"}
    assert fieldset.one("legend").text == "Status"
    assert [node.attrs["id"] for node in fieldset.all("input", type="radio")] == ["id_status_0", "id_status_1"]
    assert [(node.attrs["for"], node.text) for node in fieldset.all("label")] == [
        ("id_status_0", "Final"),
        ("id_status_1", "Provisional"),
    ]


def test_a_checkbox_has_its_label_and_hint_beside_it():
    choice = field_of(parse(as_crispy_form(ValueForm())), "sure").one("div", class_="choice")
    assert choice.one("label").attrs == {"for": "id_sure"}
    assert choice.one("input").attrs["aria-describedby"] == "id_sure_helptext"
    assert choice.one("div", class_="hint").attrs["id"] == "id_sure_helptext"


def test_a_hidden_field_is_its_input_only():
    tree = parse(as_crispy_form(ValueForm()))
    assert tree.one("input", name="version").attrs["type"] == "hidden"
    assert tree.all("div", id="div_id_version") == []


def test_the_error_summary_takes_the_focus_and_links_to_each_field():
    summary = parse(as_crispy_form(ValueForm({"value": "7", "version": "1"}))).one("div", class_="error-summary")
    assert summary.attrs == {"class": "error-summary", "tabindex": "-1", "autofocus": ""}
    assert summary.one("div").attrs == {"role": "alert"}
    assert summary.one("h2").text == "There is a problem"
    assert [item.text for item in summary.all("li")] == [
        "Seven is not allowed <here>.",
        "This field is required.",
        "This field is required.",
        "This field is required.",
    ]
    assert [link.attrs["href"] for link in summary.all("a")] == ["#id_status_0", "#id_kind", "#id_sure"]


def test_no_summary_without_errors():
    assert as_crispy_errors(ValueForm()).strip() == ""


def test_select_names_its_field():
    select = parse(as_crispy_field(ValueForm({"kind": "b"})["kind"])).one("select")
    assert [option.attrs for option in select.all("option")] == [{"value": "a"}, {"value": "b", "selected": ""}]


@pytest.fixture
def laid_out():
    helper = FormHelper()
    helper.form_id = "values"
    helper.layout = Layout(
        Fieldset("Figures", Row(Column(AppendedText("value", "%")), Column("kind")), css_id="figures"),
        InlineRadios("status"),
        Div(FieldWithButtons("note", StrictButton("Clear")), css_class="stack"),
        "sure",
        "sheet",
        "version",
        ButtonHolder(Submit("save", "Save"), Reset("reset", "Start again")),
        FormActions(Submit("next", "Next")),
    )
    helper.add_input(Submit("done", "Done"))
    return parse(render_crispy_form(ValueForm(), helper, {"csrf_token": "token"}))


def test_a_layout_renders_every_part(laid_out):
    form = laid_out.one("form", id="values")
    assert (form.attrs["method"], form.attrs["enctype"]) == ("post", "multipart/form-data")
    assert "novalidate" in form.attrs
    assert form.one("input", name="csrfmiddlewaretoken").attrs["value"] == "token"
    assert form.one("fieldset", id="figures").one("legend").text == "Figures"
    assert len(form.one("div", class_="field-row").all("div", class_="field")) == 2
    affix = form.one("div", class_="with-affix")
    assert [node.tag for node in affix.children] == ["input", "span"]
    assert affix.one("span").text == "%"
    assert len(form.one("div", class_="inline").all("input", type="radio")) == 2
    assert form.one("div", class_="stack").one("div", class_="with-button").one("button").text == "Clear"
    assert [(b.text, b.attrs["type"]) for b in form.all("button")] == [
        ("Clear", "button"),
        ("Save", "submit"),
        ("Start again", "reset"),
        ("Next", "submit"),
        ("Done", "submit"),
    ]


def test_every_id_is_there_once(laid_out):
    ids = [node.attrs["id"] for node in laid_out.walk() if "id" in node.attrs]
    assert sorted(ids) == sorted(set(ids))
    assert [node for node in laid_out.walk() if "style" in node.attrs] == []


def test_a_formset_renders_its_forms():
    formset = formset_factory(ValueForm, extra=2)()
    tree = parse(as_crispy_form(formset))
    assert tree.one("input", name="form-TOTAL_FORMS").attrs["value"] == "2"
    assert len(tree.all("input", class_="number")) == 2
    whole = parse(render_crispy_form(formset, FormHelper(), {"csrf_token": "token"}))
    assert len(whole.one("form").all("input", class_="number")) == 2
