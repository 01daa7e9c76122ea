"""The audit chain: one per contract, appended inside the transaction of the act it records."""

import datetime
import hashlib
import json

from .models import AuditEntry, Contract

_UTC = datetime.UTC
START = "0" * 64


def entry_hash(*, previous_hash, contract_id, number, by_id, at, act, object, old, new, reason) -> str:
    """SHA-256 over a canonical JSON of the row and the previous row's hash; `at` is in UTC, to the microsecond."""
    body = {
        "previous": previous_hash,
        "contract": contract_id,
        "number": number,
        "by": by_id,
        "at": at.astimezone(_UTC).isoformat(timespec="microseconds"),
        "act": act,
        "object": object,
        "old": old,
        "new": new,
        "reason": reason,
    }
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def append(*, contract_id: int, by, now, act: str, object: str, old=None, new=None, reason: str = "") -> AuditEntry:
    """Add one entry; call it last, inside the act's transaction.

    Locks the contract row so that two writers cannot fork the chain. `no_key=True` because plain FOR UPDATE
    deadlocks with the foreign-key locks that rows just inserted hold on the contract.
    """
    Contract.objects.select_for_update(no_key=True).get(pk=contract_id)
    last = AuditEntry.objects.filter(contract_id=contract_id).order_by("-number").first()
    row = {
        "previous_hash": last.hash if last else START,
        "contract_id": contract_id,
        "number": last.number + 1 if last else 1,
        "by_id": by.pk,
        "at": now,
        "act": act,
        "object": object,
        "old": old,
        "new": new,
        "reason": reason,
    }
    return AuditEntry.objects.create(**row, hash=entry_hash(**row))
