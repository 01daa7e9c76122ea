"""What arrives with a pane, and the editor that sends it."""

from django import forms
from django_prose_editor.widgets import ProseEditorWidget

from .sanitising import EXTENSIONS


class VersionForm(forms.Form):
    """The version that the writer saw, so that a stale write can be refused."""

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1)


class ReleasedVersionForm(forms.Form):
    """The released version that the writer saw, so that a later release is not withdrawn unread."""

    released_version = forms.IntegerField(min_value=0, max_value=2**31 - 1)


class SeenForm(forms.Form):
    """The digest of the passages that the writer was shown before releasing (commentary.privacy.digest)."""

    seen = forms.RegexField(r"\A[0-9a-f]{64}\Z")


class RestoreForm(VersionForm):
    """The earlier text that is to be the draft again, beside the version that the writer saw."""

    source = forms.IntegerField(min_value=1, max_value=2**63 - 1)


def editor_config() -> dict:
    """What the editor's script reads from the textarea: its extensions and the modules that bring our own."""
    return ProseEditorWidget(config={"extensions": EXTENSIONS}, preset="configurable").get_config()
