"""Broken and awkward files, made here, each with exactly what must come of it."""

from functools import cache

from tests.measures.imports import corpus_csv, corpus_hostile, corpus_sheets, corpus_values
from tests.measures.imports.expected import CorpusFile

NOWHERE = "http://127.0.0.1:9/"


@cache
def files(canary: str = NOWHERE) -> list[CorpusFile]:
    """`canary` is the address that hostile files point to, where nothing may ever call."""
    return [*corpus_csv.files(), *corpus_values.files(), *corpus_sheets.files(), *corpus_hostile.files(canary)]
