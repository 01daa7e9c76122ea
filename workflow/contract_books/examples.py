"""The rows that a template shows, marked as examples and left out when it is read. Pure: no Django."""

from __future__ import annotations

import datetime
from decimal import Decimal

from measures.quarters import Quarter

from .shapes import CommitteeRow, ContractBook, ContractRow, DefinitionRow, MeasureRow, SeriesRow, TargetRow

START = Quarter(2018, 1)

BOOK = ContractBook(
    contract=ContractRow(
        title="Street lighting",
        slug="street-lighting",
        commissioner="Northford Borough Council",
        commissioner_short="Northford BC",
        provider="Northford Lighting Company",
        provider_short="NLC",
        values_due_days=31,
        commentary_due_days=47,
        small_cohort=30,
        requires_second_factor=False,
    ),
    committee_dates=(CommitteeRow(START, datetime.date(2018, 9, 12)),),
    measures=(
        MeasureRow(
            code="L1",
            slug="l1",
            title="Lamps repaired in time",
            section="Repairs",
            kind="contractual",
            first_quarter=START,
            last_quarter=None,
            why_it_matters="A dark street feels unsafe.",
            owner="Head of repairs, NLC",
            source="Repairs log, monthly extract",
        ),
    ),
    series=(
        SeriesRow(
            measure="L1",
            code="L1",
            name="Repaired within five days",
            role="headline",
            unit="percent",
            decimals=0,
            polarity="higher",
            derivation="pooled_ratio",
            window="period",
            maximum=Decimal(100),
            counted="repairs",
            counted_one="repair",
            first_quarter=START,
            last_quarter=None,
        ),
    ),
    definitions=(
        DefinitionRow(
            measure="L1",
            series="L1",
            series_from=START,
            from_quarter=START,
            text="Numerator: lamps repaired within five working days. Denominator: all lamps repaired in the month.",
            reason="",
        ),
    ),
    targets=(
        TargetRow(
            measure="L1",
            series="L1",
            series_from=START,
            from_quarter=START,
            target=Decimal(95),
            tolerance=Decimal(90),
            target_basis="contract",
            tolerance_basis="contract",
            reason="Schedule 2 of the contract.",
        ),
    ),
)
