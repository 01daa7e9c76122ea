"""Columns as the audit chain tells them. Pure: no Django."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from .quarters import Quarter


def told(columns: Mapping[str, object]) -> dict[str, str | int | bool | None]:
    """As JSON can hold them: quarters by code, decimals without needless zeros."""
    return {name: _told(value) for name, value in columns.items()}


def _told(value: object) -> str | int | bool | None:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value
    if isinstance(value, Quarter):
        return value.code
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
