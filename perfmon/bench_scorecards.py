"""How much processor time a large scorecard takes, by generated contracts: run by `python3 -m perfmon bench` in
`manage.py shell` against its own database; prints JSON.

In one process without a network: processor time is then the page's own, whatever else the machine does.
"""

from __future__ import annotations

import gzip
import importlib
import json
import time
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.contracts import create_contract
from accounts.models import Contract, User
from accounts.viewer import Viewer, viewer_of
from measures import catalogue
from measures.entries import Entry
from measures.history import Line, add_past_quarters, load
from measures.models import Series
from measures.quarters import Quarter
from measures.terms import Frequency

FIRST, QUARTERS = Quarter.parse("Q1 2008/09"), 40
REPEATS = 7


class Size(NamedTuple):
    name: str
    measures: int
    frequency: Frequency


SIZES = (
    Size("11", 11, Frequency.QUARTER),
    Size("200", 200, Frequency.QUARTER),
    Size("200-monthly", 200, Frequency.MONTH),
)


def make() -> None:
    """One contract of each size, with forty past quarters of every measure."""
    administrator = User.objects.get(is_staff=True)
    demo, now = Contract.objects.filter(is_demonstration=True).earliest("pk"), timezone.now()
    sides = {"commissioner": demo.commissioner, "provider": demo.provider}
    for size in SIZES:
        with transaction.atomic():
            create_contract(by=administrator, slug=slug_of(size), title=f"Bench {size.name}", now=now, **sides)
            by = viewer_of(administrator, slug_of(size))
            add_past_quarters(by=by, quarters=[FIRST.shift(number) for number in range(QUARTERS)], now=now)
            every = [_series(by, number, size.frequency, now) for number in range(1, size.measures + 1)]
            load(by=by, lines=[line for number, series in enumerate(every) for line in _lines(series, number)], now=now)


def slug_of(size: Size) -> str:
    return f"bench-{size.name}"


def _series(by: Viewer, number: int, frequency: Frequency, now) -> Series:
    code = f"M{number}"
    common = {"by": by, "now": now, "code": code, "first_quarter": FIRST}
    measure = catalogue.add_measure(
        **common,
        slug=code.lower(),
        title=f"Generated measure number {number}",
        section=f"Section {number // 20}",
        kind="contractual",
        position=number,
    )
    series: Series = catalogue.add_series(
        **common,
        measure=measure,
        name=f"Generated measure number {number}",
        role="headline",
        position=0,
        unit="percent",
        decimals=0,
        polarity="higher",
        derivation="pooled_ratio" if frequency is Frequency.MONTH else "entered",
        frequency=frequency,
        counted="cases",
        counted_one="case",
        definition="Generated.",
    )
    add = partial(catalogue.set_first_target, by=by, series=series, from_quarter=FIRST, now=now)
    add(target=Decimal(80), tolerance=Decimal(70), target_basis="contract", tolerance_basis="contract")
    return series


def _lines(series: Series, number: int) -> list[Line]:
    quarters = [FIRST.shift(each) for each in range(QUARTERS)]
    monthly = series.frequency == Frequency.MONTH
    periods = [month for quarter in quarters for month in quarter.months] if monthly else quarters
    found = []
    for index, period in enumerate(periods):
        denominator = 40 + (7 * number + 3 * index) % 50
        numerator = denominator * (60 + (11 * number + 17 * index) % 35) // 100
        counts = {"numerator": Decimal(numerator), "denominator": Decimal(denominator)}
        found.append(Line(series, period, Entry(None, **counts)))
    return found


def measure() -> None:
    """For each size: the least seconds of processor time that a scorecard took, and its bytes as they are sent."""
    # With the settings of the garbage collector that a worker has.
    importlib.import_module("perfmon.wsgi")
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.get(is_staff=True), backend="accounts.backend.Backend")
    print(json.dumps([_measured(client, size) for size in SIZES]))


def _measured(client: Client, size: Size) -> dict:
    address, times = f"/c/{slug_of(size)}/{FIRST.shift(QUARTERS - 1).code}/", []
    for _ in range(REPEATS):
        begun = time.process_time()
        reply = client.get(address)
        times.append(time.process_time() - begun)
    if reply.status_code != 200:
        raise RuntimeError(f"{address} answered {reply.status_code}.")
    return {
        "name": size.name,
        "measures": size.measures,
        "seconds": min(times),
        "bytes": len(gzip.compress(reply.content, 6)),
    }
