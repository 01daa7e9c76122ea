"""Making a contract between two organisations."""

from __future__ import annotations

import datetime

from django.db import transaction

from . import audit
from .models import Contract, Organisation, User
from .people import check_by


@transaction.atomic
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
    """Denied unless `by` is an administrator; IntegrityError for a slug in use or one organisation on both sides."""
    check_by(by)
    contract = Contract.objects.create(
        slug=slug, title=title, commissioner=commissioner, provider=provider, is_demonstration=is_demonstration
    )
    new = {"commissioner": commissioner.name, "provider": provider.name}
    audit.append(contract_id=contract.pk, by=by, now=now, act="create contract", object=slug, new=new)
    return contract
