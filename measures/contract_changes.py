"""Changing what an administrator sets of a contract."""

from __future__ import annotations

import datetime

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.contracts import TWO, Settings, checked, settings_of, taken
from accounts.denial import Invalid, Stale
from accounts.models import Contract, Organisation
from accounts.viewer import Viewer

from .models import Cycle, Observation
from .policies import check_standing
from .rights import Act

STALE = "Somebody else changed this contract after you opened it. Compare the two and save again."
FIXED = ("slug", "commissioner", "provider")


def fixed_because(contract: Contract) -> str:
    """Why address and parties do not change any more; empty while they do."""
    first = Cycle.objects.filter(contract=contract).order_by("quarter").first()
    if first is not None:
        since = f"quarters are held since {first.quarter.label}"
    elif Observation.objects.filter(series__measure__contract=contract).exists():
        since = "figures are held"
    else:
        return ""
    return (
        f"Fixed, because {since}: links and papers name this address, and figures and texts speak for these two "
        "organisations. For another pair of organisations make another contract."
    )


@transaction.atomic
def change_contract(
    *,
    by: Viewer,
    version: int,
    settings: Settings,
    commissioner: Organisation,
    provider: Organisation,
    now: datetime.datetime,
) -> Contract:
    """`version` is the one that was seen. What is held already stays as it is, without an audit entry. Denied, Stale
    when somebody else changed it, Invalid with messages by field, one of `FIXED` among them where it may not change."""
    check_standing(Act.SET_UP, by)
    # The lock that opening a quarter takes too: none is opened while the address changes.
    held = Contract.objects.select_for_update(no_key=True).get(pk=by.contract.pk)
    settings = checked(settings)
    if commissioner == provider:
        raise Invalid({"provider": TWO})
    old, new = facts_of(held), {**vars(settings), "commissioner": commissioner.name, "provider": provider.name}
    differing = [name for name in old if old[name] != new[name]]
    if held.version == version and not differing:
        return held
    if held.version != version:
        raise Stale(STALE)
    _check_change(held, settings, differing)
    sides = {"commissioner": commissioner, "provider": provider}
    try:
        with transaction.atomic():
            rows = Contract.objects.filter(pk=held.pk, version=version)
            changed = rows.update(**vars(settings), **sides, version=version + 1)
    except IntegrityError as error:
        # Somebody else took the address after it was looked for.
        raise Invalid(taken(settings, besides=held)) from error
    if not changed:
        raise Stale(STALE)
    audit.append(
        contract_id=held.pk,
        by=by.user,
        now=now,
        act="change contract",
        object=held.slug,
        old={name: old[name] for name in differing},
        new={name: new[name] for name in differing},
    )
    return Contract.objects.select_related(*sides).get(pk=held.pk)


def facts_of(contract: Contract) -> dict:
    """What is set of it, ready for the audit."""
    sides = {"commissioner": contract.commissioner.name, "provider": contract.provider.name}
    return {**vars(settings_of(contract)), **sides}


def _check_change(contract: Contract, settings: Settings, differing: list[str]) -> None:
    refused = [name for name in differing if name in FIXED]
    if refused and (reason := fixed_because(contract)):
        raise Invalid(dict.fromkeys(refused, reason))
    if errors := taken(settings, besides=contract):
        raise Invalid(errors)
