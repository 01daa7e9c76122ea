"""Columns read as plain texts and numbers, where thousands of rows are read at once.

Django turns every decimal, date and truth of a row into its own kind, one call for each; of a large scorecard that is a
third of the time.
"""

from __future__ import annotations

from django.db.models import Expression, IntegerField, TextField
from django.db.models.functions import Cast


def as_text(what: str | Expression) -> Cast:
    """A day as "2018-07-01", a decimal with all its digits, the same on every database."""
    return Cast(what, TextField())


def as_number(name: str) -> Cast:
    """A truth as 1 or 0."""
    return Cast(name, IntegerField())
