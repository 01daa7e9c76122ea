"""The audit chain: hashes worked out again from the rows, numbering, rollback, and what tampering leaves behind."""

import datetime
import hashlib
import json
from functools import partial

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts import audit
from accounts.models import AuditEntry
from accounts.roles import Who
from accounts.triggers import remove_triggers
from measures.quarters import Quarter
from tests import factories
from tests.factories import NOW
from workflow import transitions

pytestmark = pytest.mark.django_db

LATER = NOW + datetime.timedelta(hours=1)


@pytest.fixture
def contract():
    return factories.make_contract()


@pytest.fixture
def writer(contract):
    return factories.make_user("Writer")


@pytest.fixture
def append(contract, writer):
    return partial(audit.append, contract_id=contract.pk, by=writer, now=NOW)


def recomputed(entry, previous_hash):
    """The hash by its description alone: SHA-256 of the row as sorted, unspaced JSON, with the hash before it."""
    at = entry.at.astimezone(datetime.UTC)
    body = {
        "act": entry.act,
        "at": at.strftime("%Y-%m-%dT%H:%M:%S.%f") + "+00:00",
        "by": entry.by_id,
        "contract": entry.contract_id,
        "new": entry.new,
        "number": entry.number,
        "object": entry.object,
        "old": entry.old,
        "previous": previous_hash,
        "reason": entry.reason,
    }
    return hashlib.sha256(json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode("utf-8")).hexdigest()


def faults(contract):
    """What does not hold of a contract's chain, read afresh from the database: (number, what)."""
    found, previous = [], "0" * 64
    for expected, entry in enumerate(AuditEntry.objects.filter(contract=contract).order_by("number"), start=1):
        if entry.number != expected:
            found.append((entry.number, "number"))
        if entry.previous_hash != previous:
            found.append((entry.number, "previous"))
        if entry.hash != recomputed(entry, entry.previous_hash):
            found.append((entry.number, "hash"))
        previous = entry.hash
    return found


def test_the_first_entry_of_a_contract(contract, writer, append):
    entry = append(act="submit", object="2018-Q2", old={"state": "open"}, new={"state": "submitted"}, reason="Done")
    held = AuditEntry.objects.values().get(pk=entry.pk)
    assert held == {
        "id": entry.pk,
        "contract_id": contract.pk,
        "number": 1,
        "by_id": writer.pk,
        "at": NOW,
        "act": "submit",
        "object": "2018-Q2",
        "old": {"state": "open"},
        "new": {"state": "submitted"},
        "reason": "Done",
        "previous_hash": "0" * 64,
        "hash": recomputed(entry, "0" * 64),
    }


def test_a_known_hash():
    """Fixed for ever: a change of the canonical form would break every chain that is held."""
    row = {"contract_id": 7, "number": 1, "by_id": 3, "at": NOW, "act": "open", "object": "2018-Q2"}
    found = audit.entry_hash(previous_hash="0" * 64, **row, old=None, new={"state": "open", "é": "–"}, reason="")
    canonical = (
        '{"act":"open","at":"2018-11-02T14:32:00.000000+00:00","by":3,"contract":7,"new":{"state":"open","é":"–"},'
        f'"number":1,"object":"2018-Q2","old":null,"previous":"{"0" * 64}","reason":""}}'
    )
    assert found == hashlib.sha256(canonical.encode()).hexdigest()


def test_the_time_zone_of_the_writer_does_not_matter(append):
    local = NOW.astimezone(datetime.timezone(datetime.timedelta(hours=5)))
    entry = append(act="open", object="2018-Q2", now=local + datetime.timedelta(microseconds=123456))
    held = AuditEntry.objects.get(pk=entry.pk)
    assert held.at == NOW.replace(microsecond=123456)
    assert held.hash == recomputed(held, "0" * 64)


def test_entries_are_numbered_and_linked(contract, append):
    entries = [append(act="move", object=str(index), new={"n": index, "texts": ["é", None]}) for index in range(5)]
    assert [entry.number for entry in entries] == [1, 2, 3, 4, 5]
    assert [entry.previous_hash for entry in entries] == ["0" * 64, *(entry.hash for entry in entries[:-1])]
    assert len({entry.hash for entry in entries}) == 5
    assert faults(contract) == []


def test_each_contract_has_a_chain_of_its_own(contract, writer, append):
    other = factories.make_contract("leisure", "Borough", "Leisure Trust")
    append(act="one", object="a")
    first = audit.append(contract_id=other.pk, by=writer, now=NOW, act="one", object="a")
    second = append(act="two", object="b")
    assert (first.number, first.previous_hash) == (1, "0" * 64)
    assert (second.number, faults(contract), faults(other)) == (2, [], [])


def test_what_is_rolled_back_leaves_nothing(contract, append):
    append(act="one", object="a")
    with pytest.raises(RuntimeError), transaction.atomic():
        append(act="lost", object="b")
        assert AuditEntry.objects.count() == 2
        raise RuntimeError
    assert list(AuditEntry.objects.values_list("number", "act")) == [(1, "one")]
    append(act="two", object="c")
    assert list(AuditEntry.objects.values_list("number", "act")) == [(1, "one"), (2, "two")]
    assert faults(contract) == []


def test_an_act_that_fails_takes_its_entry_along(contract):
    people = factories.make_members(contract)
    with pytest.raises(RuntimeError), transaction.atomic():
        factories.open_cycle(contract, people[Who.OFFICER])
        raise RuntimeError
    assert (AuditEntry.objects.count(), contract.cycles.count()) == (0, 0)


def test_an_unknown_contract_has_no_chain(append, contract):
    with pytest.raises(type(contract).DoesNotExist):
        append(contract_id=contract.pk + 1, act="one", object="a")
    assert AuditEntry.objects.count() == 0


def test_the_contract_is_locked_without_its_key(append):
    """Plain FOR UPDATE deadlocks with the locks of rows that refer to the contract."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite locks the whole database")
    with CaptureQueriesContext(connection) as queries:
        append(act="one", object="a")
    locks = [each["sql"] for each in queries if "FOR " in each["sql"]]
    assert len(locks) == 1
    assert locks[0].endswith("FOR NO KEY UPDATE")


@pytest.fixture
def unprotected(contract, append):
    """A chain of five whose table has lost its triggers, as somebody with rights on the database could do it."""
    for index in range(1, 6):
        append(act="move", object=f"2018-Q{index}", old={"state": "a"}, new={"state": "b"}, reason="Why")
    # PostgreSQL alters no table while checks are put off.
    connection.check_constraints()
    remove_triggers(None, connection.schema_editor(), tables=["accounts_auditentry"])
    return AuditEntry.objects.filter(contract=contract)


TAMPERED = [
    {"act": "accept"},
    {"object": "2017-Q3"},
    {"reason": "Because"},
    {"old": None},
    {"new": {"state": "c"}},
    {"at": LATER},
]


@pytest.mark.parametrize("changes", TAMPERED, ids=[next(iter(changes)) for changes in TAMPERED])
def test_a_changed_entry_is_found(contract, unprotected, changes):
    assert unprotected.filter(number=3).update(**changes) == 1
    assert faults(contract) == [(3, "hash")]


def test_a_changed_author_is_found(contract, unprotected):
    unprotected.filter(number=3).update(by=factories.make_user("Somebody else"))
    assert faults(contract) == [(3, "hash")]


def test_an_entry_hashed_again_is_found_by_the_next_one(contract, unprotected):
    entry = unprotected.get(number=3)
    entry.reason = "Because"
    unprotected.filter(number=3).update(reason="Because", hash=recomputed(entry, entry.previous_hash))
    assert faults(contract) == [(4, "previous")]


def test_a_removed_entry_is_found(contract, unprotected):
    unprotected.filter(number=3).delete()
    assert faults(contract) == [(4, "number"), (4, "previous"), (5, "number")]


def test_a_removed_entry_with_the_rest_renumbered_is_found(contract, unprotected):
    unprotected.filter(number=3).delete()
    for number in (4, 5):
        unprotected.filter(number=number).update(number=number - 1)
    assert faults(contract) == [(3, "previous"), (3, "hash"), (4, "hash")]


def test_the_acts_of_a_quarter_make_one_chain(contract):
    people = factories.make_members(contract)
    factories.make_measure(contract)
    officer, analyst = people[Who.OFFICER], people[Who.ANALYST]
    cycle = factories.open_cycle(contract, officer)
    transitions.submit(by=analyst, cycle=cycle, now=NOW)
    transitions.send_back(by=officer, cycle=cycle, reason="September is missing.", now=LATER)
    transitions.submit(by=analyst, cycle=cycle, now=LATER)
    transitions.accept(by=officer, cycle=cycle, now=LATER)
    found = list(AuditEntry.objects.values_list("number", "act", "object", "reason", "by"))
    quarter = Quarter.parse("Q2 2018/19").code
    assert found == [
        (1, "open", quarter, "", officer.user.pk),
        (2, "submit", quarter, "", analyst.user.pk),
        (3, "send back", quarter, "September is missing.", officer.user.pk),
        (4, "submit", quarter, "", analyst.user.pk),
        (5, "accept", quarter, "", officer.user.pk),
    ]
    assert faults(contract) == []
