"""Making a contract between two organisations."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace

from django.db import IntegrityError, transaction

from . import audit
from .denial import Invalid
from .models import Contract, Organisation, User
from .organisations import create_organisation
from .people import check_by
from .slugs import slug_of

LONGEST = {"title": 120, "slug": 60}
# A quarter's values are not due before it is over, and not after the same quarter a year later has begun.
LATEST_DUE = 300
COHORTS = (5, 1000)


@dataclass(frozen=True)
class NewOrganisation:
    """One that is made together with the contract."""

    name: str
    short_name: str


Side = Organisation | NewOrganisation


@dataclass(frozen=True)
class Settings:
    """What an administrator sets of a contract. The address may be empty: it is then made from the title."""

    title: str
    slug: str = ""
    values_due_days: int = 31
    commentary_due_days: int = 47
    small_cohort: int = 30
    requires_second_factor: bool = False


def settings_of(contract: Contract) -> Settings:
    return Settings(**{name: getattr(contract, name) for name in Settings.__dataclass_fields__})


def create_contract(
    *,
    by: User,
    slug: str,
    title: str,
    commissioner: Organisation,
    provider: Organisation,
    now: datetime.datetime,
    is_demonstration: bool = False,
) -> Contract:
    """One with the usual settings, between two organisations that are held. Raises as `make_contract` does."""
    settings = Settings(title, slug)
    sides = {"commissioner": commissioner, "provider": provider}
    return make_contract(by=by, settings=settings, now=now, is_demonstration=is_demonstration, **sides)


@transaction.atomic
def make_contract(
    *,
    by: User,
    settings: Settings,
    commissioner: Side,
    provider: Side,
    now: datetime.datetime,
    is_demonstration: bool = False,
) -> Contract:
    """A contract, and those of its organisations that are not held yet. Denied unless `by` is an administrator; Invalid
    with messages by field, "provider_short_name" among them."""
    check_by(by)
    settings = checked(settings)
    if commissioner == provider:
        raise Invalid({"provider": TWO})
    if errors := taken(settings):
        raise Invalid(errors)
    sides = {"commissioner": _held(by, "commissioner", commissioner), "provider": _held(by, "provider", provider)}
    columns = {name: getattr(settings, name) for name in Settings.__dataclass_fields__}
    try:
        with transaction.atomic():
            contract = Contract.objects.create(**columns, **sides, is_demonstration=is_demonstration)
    except IntegrityError as error:
        # Somebody else took the address after it was looked for.
        raise Invalid(taken(settings)) from error
    new = {name: side.name for name, side in sides.items()} | columns
    audit.append(contract_id=contract.pk, by=by, now=now, act="create contract", object=contract.slug, new=new)
    return contract


TWO = "Choose another organisation than the commissioner: a contract is between two."


def _held(by: User, field: str, side: Side) -> Organisation:
    if isinstance(side, Organisation):
        return side
    try:
        return create_organisation(by=by, name=side.name, short_name=side.short_name)
    except Invalid as invalid:
        raise Invalid({f"{field}_{name}": message for name, message in invalid.errors.items()}) from invalid


def checked(settings: Settings) -> Settings:
    """As it would be stored; Invalid with messages by field. An empty address is made from the title."""
    title = " ".join(settings.title.split())
    slug = settings.slug.strip() or slug_of(title, LONGEST["slug"])
    errors = {}
    if not title:
        errors["title"] = "Enter the title of the contract, such as Housing repairs."
    elif len(title) > LONGEST["title"]:
        errors["title"] = f"Use {LONGEST['title']} characters or fewer; this has {len(title)}."
    if title and not slug:
        errors["slug"] = "Enter an address: none can be made from this title."
    elif slug != (made := slug_of(slug, LONGEST["slug"])):
        example = made or "housing-repairs"
        errors["slug"] = f"Use small letters, digits and hyphens, {LONGEST['slug']} at most, such as {example}."
    errors |= _of_days(settings)
    least, most = COHORTS
    if not least <= settings.small_cohort <= most:
        errors["small_cohort"] = f"Enter a whole number from {least} to {most:,}."
    if errors:
        raise Invalid(errors)
    return replace(settings, title=title, slug=slug)


def _of_days(settings: Settings) -> dict[str, str]:
    values, commentary = settings.values_due_days, settings.commentary_due_days
    days = {"values_due_days": values, "commentary_due_days": commentary}
    errors = {
        name: f"Enter a whole number of days from 1 to {LATEST_DUE}."
        for name, number in days.items()
        if not 1 <= number <= LATEST_DUE
    }
    if not errors and commentary < values:
        errors["commentary_due_days"] = f"Enter {values} days or more: commentary is written on values that are in."
    return errors


def taken(settings: Settings, *, besides: Contract | None = None) -> dict[str, str]:
    """Why the address may not be had; empty where nobody has it."""
    others = Contract.objects.filter(slug=settings.slug).exclude(pk=besides and besides.pk)
    return {"slug": f"Another contract has the address {settings.slug}. Enter another one."} if others.exists() else {}
