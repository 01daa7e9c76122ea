"""What `python3 -m perfmon bench` measures with: a generated contract, files to import into it, somebody signed in.

Run by `manage.py shell` against the bench's own database; prints JSON.
"""

from __future__ import annotations

import csv
import json
import secrets
from collections.abc import Iterator
from pathlib import Path

import xlsxwriter
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.utils import timezone

from accounts.contracts import create_contract
from accounts.models import Contract, User
from accounts.people import add_member, create_user
from accounts.roles import Party, Role
from accounts.viewer import Viewer, viewer_of
from measures import catalogue
from measures.models import Measure
from measures.quarters import Month, Quarter

BACKEND = "accounts.backend.Backend"
HEADER = ["measure", "series", "period", "numerator", "denominator"]
# 50 series by 100 months are 5,000 rows.
SERIES, MONTHS = 50, 100
LAST = Month(2018, 6)


def make(folder: str) -> None:
    """Two contracts alike, one for each file, so that both are imported into quarters that are not there yet."""
    administrator = User.objects.get(is_staff=True)
    with transaction.atomic():
        analyst = create_user(by=None, email="analyst@bench.example", name="Bench", password=None)
        slugs = [_contract(f"bench-{number}", administrator, analyst).slug for number in (1, 2)]
    rows = list(_rows())
    files = {"CSV": Path(folder) / "figures.csv", "XLSX": Path(folder) / "figures.xlsx"}
    _write_csv(files["CSV"], rows)
    _write_xlsx(files["XLSX"], rows)
    print(
        json.dumps(
            {
                "rows": len(rows),
                "imports": [
                    {"format": kind, "file": str(path), "contract": slug}
                    for (kind, path), slug in zip(files.items(), slugs, strict=True)
                ],
                "contract": Contract.objects.filter(is_demonstration=True).earliest("pk").slug,
                "token": secrets.token_hex(16),
                "sessions": {
                    "bench": _session(analyst),
                    "demo": _session(User.objects.get(email="analyst@dcst.example")),
                },
            }
        )
    )


def _contract(slug: str, administrator: User, analyst: User) -> Contract:
    demo, now = Contract.objects.filter(is_demonstration=True).earliest("pk"), timezone.now()
    sides = {"commissioner": demo.commissioner, "provider": demo.provider}
    contract = create_contract(by=administrator, slug=slug, title=slug, now=now, **sides)
    add_member(by=None, contract=contract, user=analyst, party=Party.PROVIDER, role=Role.ANALYST, now=now)
    by = viewer_of(administrator, slug)
    for number in range(1, SERIES + 1):
        _series(by, number, now)
    return contract


def _series(by: Viewer, number: int, now) -> None:
    code, first = f"M{number}", Quarter.parse("Q1 2009/10")
    common = {"by": by, "now": now, "code": code, "first_quarter": first}
    measure: Measure = catalogue.add_measure(
        **common, slug=code.lower(), title=f"Generated measure {number}", section="Bench", kind="local", position=number
    )
    catalogue.add_series(
        **common,
        measure=measure,
        name=f"Generated series {number}",
        role="headline",
        position=0,
        unit="percent",
        decimals=1,
        polarity="higher",
        derivation="pooled_ratio",
        frequency="month",
        counted="cases",
        counted_one="case",
        definition="Generated.",
    )


def _rows() -> Iterator[list[str | int]]:
    for number in range(1, SERIES + 1):
        for back in range(MONTHS - 1, -1, -1):
            month = LAST.shift(-back)
            denominator = 200 + (7 * number + 3 * back) % 50
            yield [f"M{number}", f"M{number}", month.label, 100 + (5 * number + back) % 60, denominator]


def _write_csv(path: Path, rows: list[list[str | int]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([HEADER, *rows])


def _write_xlsx(path: Path, rows: list[list[str | int]]) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Figures")
        for number, row in enumerate([HEADER, *rows]):
            sheet.write_row(number, 0, row)


def _session(user: User) -> str:
    """As signing in would leave it; its key is the cookie."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)
