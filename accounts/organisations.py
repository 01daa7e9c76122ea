"""Every write to organisations. `by` is None only for set-up on the command line."""

from __future__ import annotations

import datetime
import logging

from django.db import IntegrityError, transaction
from django.db.models import Q

from . import audit
from .denial import Invalid, NotKnown, Stale
from .models import Contract, Organisation, User
from .people import check_by

STALE = "Somebody else changed this organisation after you opened it. Compare the two and save again."
LONGEST = {"name": 200, "short_name": 20}
ASKED = {
    "name": "Enter the name of the organisation, such as Northford Borough Council.",
    "short_name": "Enter the short name that stands in sentences and tables, such as NBC.",
}
WORDS = {"name": "name", "short_name": "short name"}

log = logging.getLogger("perfmon.set_up")


@transaction.atomic
def create_organisation(*, by: User | None, name: str, short_name: str) -> Organisation:
    """Denied unless `by` is an administrator, Invalid with messages by field. It belongs to no contract yet, so that
    there is no chain to audit it in: the contract that takes it names it."""
    check_by(by)
    names = _checked(name, short_name)
    try:
        with transaction.atomic():
            made = Organisation.objects.create(**names)
    except IntegrityError as error:
        # Somebody else made it after it was looked for.
        raise Invalid(_taken(names)) from error
    log.info("Organisation %s was made by user %s.", made.pk, by.pk if by else "of the command line")
    return made


@transaction.atomic
def change_organisation(
    *,
    by: User,
    organisation: Organisation,
    version: int,
    name: str,
    short_name: str,
    now: datetime.datetime,
) -> Organisation:
    """Rename it, in the chain of every contract that it is a party of. `version` is the one that was seen. What is held
    already stays as it is. NotKnown for one that is gone, Stale when somebody else changed it, Invalid as above."""
    check_by(by)
    held = Organisation.objects.filter(pk=organisation.pk).first()
    if held is None:
        raise NotKnown()
    names = _checked(name, short_name, besides=held)
    old = {"name": held.name, "short_name": held.short_name}
    if held.version == version and old == names:
        return held
    try:
        with transaction.atomic():
            rows = Organisation.objects.filter(pk=held.pk, version=version)
            changed = rows.update(**names, version=version + 1)
    except IntegrityError as error:
        raise Invalid(_taken(names, besides=held)) from error
    if not changed:
        raise Stale(STALE)
    # In order, so that two who rename at once cannot wait for each other.
    parties = Contract.objects.filter(Q(commissioner=held) | Q(provider=held)).order_by("pk")
    for contract in parties.values_list("pk", flat=True):
        audit.append(
            contract_id=contract,
            by=by,
            now=now,
            act="rename organisation",
            object=held.short_name,
            old=old,
            new=names,
        )
    held.refresh_from_db()
    return held


def _checked(name: str, short_name: str, *, besides: Organisation | None = None) -> dict[str, str]:
    names = {"name": " ".join(name.split()), "short_name": " ".join(short_name.split())}
    errors = {
        field: f"Use {LONGEST[field]} characters or fewer; this has {len(text)}."
        for field, text in names.items()
        if len(text) > LONGEST[field]
    }
    errors |= {field: ASKED[field] for field, text in names.items() if not text}
    if errors := errors or _taken(names, besides=besides):
        raise Invalid(errors)
    return names


def _taken(names: dict[str, str], *, besides: Organisation | None = None) -> dict[str, str]:
    """ "DMBC" and "dmbc" are one to a reader."""
    others = Organisation.objects.exclude(pk=besides and besides.pk)
    return {
        field: f"Another organisation has the {WORDS[field]} {text} already. Choose it, or use another {WORDS[field]}."
        for field, text in names.items()
        if others.filter(**{f"{field}__iexact": text}).exists()
    }
