"""What the program is made of that others wrote, with the licence of each. A test compares the names with
`pyproject.toml` and the licences with what the installed packages say."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    name: str
    licence: str
    does: str


PARTS = (
    Part("Django", "BSD-3-Clause", "the framework"),
    Part("djangorestframework", "BSD-3-Clause", "the interface for other programs"),
    Part("django-allauth", "MIT", "signing in"),
    Part("django-crispy-forms", "MIT", "forms"),
    Part("django-csp", "BSD", "tells browsers what a page may run"),
    Part("django-environ", "MIT", "settings"),
    Part("django-prose-editor", "BSD-3-Clause", "the editor, with Tiptap and ProseMirror, which are MIT"),
    Part("defusedxml", "PSFL", "keeps hostile files out"),
    Part("fontpkg-inter", "OFL-1.1", "the typeface Inter"),
    Part("fonttools", "MIT", "cuts the typeface to size"),
    Part("gunicorn", "MIT", "the web server"),
    Part("nh3", "MIT", "cleans commentary"),
    Part("openpyxl", "MIT", "reads Excel files"),
    Part("plotly", "MIT", "charts, with plotly.js"),
    Part("psycopg2-binary", "LGPL with exceptions", "speaks to PostgreSQL"),
    Part("python-docx", "MIT", "reads old papers"),
    Part("structlog", "MIT OR Apache-2.0", "writes the log"),
    Part("whitenoise", "MIT", "serves style sheets, scripts and pictures"),
    Part("xlsxwriter", "BSD-2-Clause", "writes Excel files"),
)
