"""Writing panes: save, restore, release, withdraw."""

from __future__ import annotations

import datetime
import hashlib
from collections import Counter

from django.db import transaction
from django.db.models import F

from accounts import audit
from accounts.denial import NotKnown, Stale
from accounts.roles import Party
from accounts.viewer import Viewer
from measures.models import Cycle
from measures.policies import check_may
from measures.recording import Invalid
from measures.rights import RELEASE_PANE, WRITE_PANE, Act

from .models import Pane, PaneVersion, VersionKind
from .passages import plain
from .sanitising import clean, has_more_than_headings
from .times import moment

HEADINGS_ALONE = (
    "There are headings and no text yet. Write under them, or press Heading to make one plain text, and save first."
)
# How much writing one row of the record may hold.
LONGEST = datetime.timedelta(minutes=10)


class StalePane(Stale):
    """Somebody of the same party saved in between.

    `held` is the pane as it is now; `refused` is the cleaned text that was turned away and kept, None at a release.
    """

    def __init__(self, sentence: str, held: Pane, refused: str | None = None) -> None:
        super().__init__(sentence)
        self.held = held
        self.refused = refused


def save(*, by: Viewer, pane: Pane, text: str, version: int, now: datetime.datetime) -> Pane:
    """Store a draft if `version` is still the one held. Returns the pane as it is then.

    Raises Denied and its kin, sanitising.TooLarge, and StalePane after the refused text is kept. A text equal to the
    one held changes nothing, so that a save repeated after a lost answer is one save. Writes no audit entry: that
    somebody is drafting is their own party's affair.
    """
    with transaction.atomic():
        _check(WRITE_PANE, by, pane)
        cleaned = clean(text)
        held = _held(pane)
        if held.draft == cleaned:
            return held
        saved = Pane.objects.filter(pk=pane.pk, version=version).update(
            draft=cleaned, version=version + 1, saved_by=by.user, saved_at=now
        )
        if saved:
            _note_save(pane, cleaned, version=version + 1, by=by, now=now)
            return _held(pane)
        _keep_refused(pane, cleaned, version=version, by=by, now=now)
    # Outside the transaction, or what was refused would be rolled back with it.
    raise StalePane(f"{_who_saved(held, now)} after you opened it. Both texts are kept: choose.", held, cleaned)


@transaction.atomic
def restore(*, by: Viewer, pane: Pane, source: int, version: int, now: datetime.datetime) -> Pane:
    """Make the text of an earlier PaneVersion, `source`, the draft again, as a version of its own.

    Raises Denied and its kin, NotKnown for a `source` of another pane, sanitising.TooLarge for a text stored when more
    was allowed, and StalePane when the draft is no longer `version`: the text is in the record already, so nothing more
    is kept. Restoring the text held changes nothing. Writes no audit entry, as with any save.
    """
    _check(WRITE_PANE, by, pane)
    earlier = PaneVersion.objects.filter(pane=pane, pk=source).first()
    if earlier is None:
        raise NotKnown()
    cleaned = clean(earlier.text)
    held = _held(pane)
    if held.draft == cleaned:
        return held
    restored = Pane.objects.filter(pk=pane.pk, version=version).update(
        draft=cleaned, version=version + 1, saved_by=by.user, saved_at=now
    )
    if not restored:
        raise StalePane(f"Nothing was restored. {_who_saved(held, now)} after you opened it: read it first.", held)
    PaneVersion.objects.filter(pane=pane, is_open=True).update(is_open=False)
    PaneVersion.objects.create(
        pane=pane,
        version=version + 1,
        kind=VersionKind.SAVED,
        text=cleaned,
        by=by.user,
        at=now,
        restored_from=earlier,
    )
    return _held(pane)


@transaction.atomic
def release(*, by: Viewer, pane: Pane, version: int, now: datetime.datetime) -> Pane:
    """Show the draft to the other party. Releasing the same version again changes nothing.

    Raises Denied and its kin, StalePane when the draft is no longer `version`, Invalid when there is nothing in it.
    """
    cycle = _check(RELEASE_PANE, by, pane)
    held = _held(pane)
    if held.version != version:
        raise StalePane(f"Nothing was released. {_who_saved(held, now)} after you opened it: read it first.", held)
    if not held.draft:
        raise Invalid({"text": "There is nothing to release yet. Write and save a text first."})
    if not has_more_than_headings(held.draft):
        raise Invalid({"text": HEADINGS_ALONE})
    if held.released_version == version:
        return held
    Pane.objects.filter(pk=pane.pk, version=version).update(
        released=F("draft"), released_version=version, released_by=by.user, released_at=now
    )
    PaneVersion.objects.filter(pane=pane, version=version).update(is_open=False)
    # A row of its own: the same version may be withdrawn and released again.
    PaneVersion.objects.create(
        pane=pane,
        version=version,
        kind=VersionKind.RELEASED,
        text=held.draft,
        by=by.user,
        at=now,
    )
    _audit("release pane", cycle, pane, old=_mark(held), new=_mark(_held(pane)), by=by, now=now)
    return _held(pane)


@transaction.atomic
def withdraw(*, by: Viewer, pane: Pane, released_version: int, now: datetime.datetime) -> Pane:
    """Take the released text back if it is still `released_version`; the draft stays.

    Raises Denied and its kin, and StalePane when another text was released since. Withdrawing what is not released
    changes nothing.
    """
    cycle = _check(RELEASE_PANE, by, pane)
    held = _held(pane)
    withdrawn = Pane.objects.filter(pk=pane.pk, released_version=released_version).update(
        released=None, released_version=None, released_by=None, released_at=None
    )
    if not withdrawn and held.released is None:
        return held
    if not withdrawn:
        raise StalePane(f"Nothing was withdrawn. {_who_released(held, now)} after you opened it: read it first.", held)
    PaneVersion.objects.create(
        pane=pane,
        version=released_version,
        kind=VersionKind.WITHDRAWN,
        text=held.released,
        by=by.user,
        at=now,
    )
    _audit("withdraw pane", cycle, pane, old=_mark(held), new=None, by=by, now=now)
    return _held(pane)


def _check(acts: dict[Party, Act], by: Viewer, pane: Pane) -> Cycle:
    """Lock the cycle, so that its state stays while the pane is written, and ask the rights table."""
    cycle = Cycle.objects.select_for_update().get(pk=pane.cycle_id)
    if cycle.contract_id != by.contract.pk:
        raise NotKnown()
    check_may(acts[Party(pane.party)], by, cycle)
    return cycle


def _held(pane: Pane) -> Pane:
    return Pane.objects.select_related("measure", "saved_by", "released_by").get(pk=pane.pk)


def _note_save(pane: Pane, cleaned: str, *, version: int, by: Viewer, now: datetime.datetime) -> None:
    """Extend the author's open row, or close what is open and begin one: LONGEST after the row was begun, and where
    most of its words would go out of the record."""
    is_open = PaneVersion.objects.filter(pane=pane, is_open=True)
    row = is_open.filter(by=by.user, begun_at__gte=now - LONGEST).first()
    if row and _keeps(row.text, cleaned):
        is_open.update(text=cleaned, version=version, at=now)
        return
    is_open.update(is_open=False)
    PaneVersion.objects.create(
        pane=pane,
        version=version,
        kind=VersionKind.SAVED,
        text=cleaned,
        by=by.user,
        at=now,
        begun_at=now,
        is_open=True,
    )


def _keeps(old: str, new: str) -> bool:
    """Whether half of the old text's words or more are in the new one."""
    words, later = Counter(plain(old).split()), Counter(plain(new).split())
    return 2 * (words & later).total() >= words.total()


def _keep_refused(pane: Pane, cleaned: str, *, version: int, by: Viewer, now: datetime.datetime) -> None:
    # What is held stays in the record, also where its author is the one refused and goes on to replace it.
    PaneVersion.objects.filter(pane=pane, is_open=True).update(is_open=False)
    # A client that asks again with the same text is not a second refusal.
    PaneVersion.objects.get_or_create(
        pane=pane, version=version, kind=VersionKind.REFUSED, text=cleaned, by=by.user, defaults={"at": now}
    )


def _who_saved(held: Pane, now: datetime.datetime) -> str:
    if held.saved_at is None:
        return "The draft has changed"
    return f"{held.saved_by} saved this text {moment(held.saved_at, now)}"


def _who_released(held: Pane, now: datetime.datetime) -> str:
    return f"{held.released_by} released another text {moment(held.released_at, now)}"


def _mark(pane: Pane) -> dict | None:
    """What the audit chain says of a released text: enough to prove which one it was.

    Not its version: from two of them the other party could count the saves in between.
    """
    if pane.released is None:
        return None
    return {"sha256": hashlib.sha256(pane.released.encode()).hexdigest()}


def _audit(act: str, cycle: Cycle, pane: Pane, *, old, new, by: Viewer, now: datetime.datetime) -> None:
    code = Pane.objects.values_list("measure__code", flat=True).get(pk=pane.pk)
    audit.append(
        contract_id=cycle.contract_id,
        by=by.user,
        now=now,
        act=act,
        object=f"{cycle.quarter.code} {code} {pane.party}",
        old=old,
        new=new,
    )
