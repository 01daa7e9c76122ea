"""Every address of the URLconf, filled in with rows of a `World`, and the body that makes a POST worth refusing."""

import datetime
import re
from dataclasses import dataclass, field, replace

from django.http import SimpleCookie
from django.test import Client
from django.urls import URLPattern, get_resolver, resolve
from django.utils import timezone

from accounts.invitations import Link, invite, link_of
from accounts.models import User
from accounts.roles import Party, Role, Who
from accounts.viewer import Viewer
from commentary.models import Pane
from measures.imports import batches, benchmark_batches, preview
from measures.imports.mapping import Mapping
from measures.imports.tidy import Choice
from measures.models import CommitteeDate, Cycle, Definition, ImportBatch
from measures.states import State
from tests import factories
from tests.factories import NOW, Q2

PASSWORD = "a long password"
DEFINITION = 987_001
COMMITTEE = datetime.date(2018, 12, 12)
PARAMETER = re.compile(r"\(\?P<(\w+)>[^)]*\)|<(?:\w+:)?(\w+)>")


# Pages of a batch that was not confirmed yet.
WAITING = {"import-mapping", "import-preview", "import-discard"}
OF_BENCHMARKS = {"import-benchmarks", "import-benchmarks-preview"}


@dataclass(frozen=True)
class Address:
    """One address: its name in the policy table, its path with values, and the values."""

    name: str
    path: str
    values: dict[str, str] = field(hash=False, compare=False, default_factory=dict)

    @property
    def is_api(self) -> bool:
        return self.path.startswith("/api/")

    @property
    def id(self) -> str:
        return ":".join([self.name, *([self.values["party"]] if "party" in self.values else [])])


def patterns(resolver=None, route="", namespaces=()) -> list[tuple[str, str]]:
    """(view name, route) of every pattern, nested ones included."""
    found = []
    for pattern in (resolver or get_resolver()).url_patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            found.append((":".join([*namespaces, pattern.name or dotted(pattern.callback)]), here))
        else:
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            found += patterns(pattern, here, inner)
    return found


def dotted(view) -> str:
    """What `ResolverMatch.view_name` calls a view without a name."""
    view = getattr(view, "view_class", view)
    return f"{view.__module__}.{view.__name__}"


def filled(name: str, route: str, values: dict[str, str]) -> Address:
    """KeyError for a parameter that no value is known for: give it one in `World.values`."""
    used = {one or other: values[one or other] for one, other in PARAMETER.findall(route)}
    path = "/" + PARAMETER.sub(lambda match: used[match[1] or match[2]], route).replace("^", "").rstrip("$")
    assert resolve(path).view_name == name, f"{path} is not {name}"
    return Address(name, path, used)


class World:
    """One contract with a measure in Q2 2018/19, both panes drafted once, nothing released, and everybody who
    may knock.

    `keys` holds a session key for each principal: the five of `Who`, "stranger" (analyst of another contract),
    "inactive" (an officer who left) and "anonymous".
    """

    def __init__(
        self, slug: str = "childrens-services", commissioner: str = "DMBC", provider: str = "DCST", code: str = "B8"
    ) -> None:
        self.contract = factories.make_contract(slug, commissioner, provider)
        self.people = factories.make_members(self.contract)
        self.measure = factories.make_measure(self.contract, code)
        self.series = factories.make_series(self.measure)
        self.monthly = factories.make_series(
            self.measure,
            code="E1",
            name="Contacts",
            role="pair",
            unit="count",
            polarity="neutral",
            frequency="month",
            derivation="mean_of_months",
        )
        first = {"series": self.series, "from_quarter": self.series.first_quarter, "text": "Cases on track."}
        # Of the first world the one that the form's body names.
        key = None if Definition.objects.filter(pk=DEFINITION).exists() else DEFINITION
        self.definition = Definition.objects.create(pk=key, **first)
        factories.make_target(self.series, self.people[Who.ADMINISTRATOR].user, 90, 85)
        self._targets()
        self.benchmark = factories.make_benchmark(self.series)
        self.event = factories.make_event(self.series, Q2.start, self.people[Who.OFFICER].user, text="Moved house")
        self.cycle = factories.open_cycle(self.contract, self.people[Who.OFFICER])
        CommitteeDate.objects.create(contract=self.contract, quarter=Q2, on=COMMITTEE)
        self._draft()
        self._batches()
        self.link = self._link()
        self.keys = {who: _session(viewer.user) for who, viewer in self.people.items()}
        self.keys |= {"anonymous": None, **self._outsiders()}

    def _draft(self) -> None:
        for party, who in ((Party.COMMISSIONER, Who.OFFICER), (Party.PROVIDER, Who.ANALYST)):
            Pane.objects.filter(cycle=self.cycle, party=party).update(
                draft="<p>A first draft.</p>", version=1, saved_by=self.people[who].user, saved_at=NOW
            )

    def _targets(self) -> None:
        """A target that the commissioner proposes, and one that is agreed and rates no quarter yet."""
        waits, agreed = (factories.make_series(self.measure, code=code, role="subgroup") for code in ("T1", "T2"))
        self.proposal = factories.propose_target(waits, self.people[Who.OFFICER], 90, 85, Q2.next)
        self.agreed = factories.make_target(agreed, self.people[Who.ADMINISTRATOR].user, 90, 85, Q2.next)

    def _link(self) -> Link:
        """An invitation that may still be followed."""
        by, now = self.people[Who.ADMINISTRATOR].user, timezone.now()
        email = f"new@{self.contract.slug}.example"
        facts = {"email": email, "name": "New", "party": Party.PROVIDER, "role": Role.ANALYST}
        return link_of(invite(by=by, contract=self.contract, now=now, **facts).user, now=now)

    def _outsiders(self) -> dict[str, str]:
        elsewhere = factories.make_contract("leisure", "Borough", "Leisure Trust")
        stranger = factories.make_members(elsewhere)[Who.ANALYST].user
        # The address of the one-click sign-in, which needs somebody to sign in as.
        left = User.objects.create_user("officer@dmbc.example", "Left", PASSWORD)
        left.memberships.create(contract=self.contract, party=Party.COMMISSIONER, role="officer")
        keys = {"stranger": _session(stranger), "inactive": _session(left)}
        User.objects.create_user("analyst@dcst.example", "One click", PASSWORD)
        User.objects.filter(pk=left.pk).update(is_active=False)
        return keys

    def _batches(self) -> None:
        """A file that waits, and one that brought a value into a past quarter."""
        factories.make_cycle(self.contract, Q2.previous)
        analyst, row = self.people[Who.ANALYST], "series,period,value\r\n{},{},70\r\n"
        files = [row.format(self.measure.code, quarter.label).encode() for quarter in (Q2, Q2.previous)]
        self.waiting, self.imported = (
            batches.upload(by=analyst, name="figures.csv", content=content, now=NOW) for content in files
        )
        by, paper = self.people[Who.ADMINISTRATOR], b"Measure\tResponse\tComment\nA9 Visits Q1 = 5"
        self.paper = batches.upload(by=by, name="q1-2018-19.txt", content=paper, now=NOW)
        digest = preview.build(self.imported, analyst, now=NOW).plan.digest
        batches.confirm(by=analyst, batch=self.imported, digest=digest, now=NOW)
        self.benchmarks = self._benchmarks(analyst)

    def _benchmarks(self, analyst: Viewer) -> ImportBatch:
        """A file of benchmarks that waits, with everything chosen."""
        content = (
            b"time_period,time_identifier,geographic_level,country_code,country_name,percent\r\n"
            b"201516,Financial year,National,E92000001,England,20\r\n"
        )
        batch = batches.upload(by=analyst, name="benchmarks.csv", content=content, now=NOW)
        chosen = Choice({"percent": self.series.pk}, {}, ("E92000001",), source="DfE", edition="2018")
        mapping = replace(Mapping.from_json(batch.mapping), tidy=chosen.as_json())
        benchmark_batches.choose(by=analyst, batch=batch, mapping=mapping)
        return batch

    def set_state(self, state: State) -> None:
        """The state as a row holds it: a past quarter has no due dates."""
        dates = {"values_due": None, "commentary_due": None}
        if state is not State.PAST:
            dates = {"values_due": Q2.end, "commentary_due": Q2.next.start}
        Cycle.objects.filter(pk=self.cycle.pk).update(state=state, **dates)

    @property
    def values(self) -> dict[str, str]:
        """A value for each parameter that an address of the URLconf takes."""
        return {
            "contract": self.contract.slug,
            "quarter": Q2.code,
            "measure": self.measure.slug,
            "series": str(self.series.pk),
            "period": Q2.code,
            "benchmark": str(self.benchmark.pk),
            "target": str(self.proposal.pk),
            "event": str(self.event.pk),
            "party": Party.COMMISSIONER,
            "batch": str(self.imported.pk),
            "organisation": str(self.contract.provider_id),
            "person": str(self.people[Who.OFFICER].user.pk),
            "uid": self.link.uid,
            "token": self.link.token,
            "role": "analyst",
        }

    def addresses(self, name: str, route: str) -> list[Address]:
        """The pattern's address; one for each party where it names one."""
        values = dict(self.values)
        if name == "cycle-open":
            values["quarter"] = Q2.next.code
        if name == "target-withdraw":
            values["target"] = str(self.agreed.pk)
        if name == "set-up-series-end":
            values["series"] = str(self.monthly.pk)
        if name in WAITING:
            values["batch"] = str(self.waiting.pk)
        if name in OF_BENCHMARKS:
            values["batch"] = str(self.benchmarks.pk)
        if name == "import-paper":
            values["batch"] = str(self.paper.pk)
        parties = Party if "party" in route else [Party.COMMISSIONER]
        return [filled(name, route, {**values, "party": party}) for party in parties]

    def client(self, principal) -> Client:
        client = Client()
        self.sign_in(client, principal)
        return client

    def sign_in(self, client: Client, principal) -> None:
        """Put the principal's own session into the client, and nothing else."""
        client.cookies = SimpleCookie({"sessionid": self.keys[principal]} if self.keys[principal] else {})


def _session(user: User) -> str:
    client = Client()
    client.force_login(user)
    # The first page starts the session's clock, which is a write; later ones read.
    assert client.get("/").status_code == 200
    return client.cookies["sessionid"].value


BENCHMARK = {
    "comparator": "Statistical neighbours",
    "period": "2016/17",
    "value": "20.5",
    "scope": "statistical_neighbours",
    "statistic": "mean",
    "comparability": "close",
    "source": "DfE",
    "edition": "Children in need 2018",
}
FIGURE = {
    "unit": "percent",
    "decimals": "0",
    "polarity": "higher",
    "derivation": "entered",
    "window": "period",
    "counted": "cases",
    "counted_one": "case",
    "definition": "Cases on track, of all cases.",
}
MEASURE = {"code": "B8", "title": "Measure B8", "section": "Court work", "kind": "contractual"}
# What a page shows of the target that waits, and an answer repeats.
SHOWN = {"from_quarter": Q2.next.code, "target": "90", "tolerance": "85", "at": NOW.isoformat()}
# Later than the one quarter of a world, whose state may be any.
LATER = {"first_quarter": Q2.next.label}
SET_UP = {
    "set-up-order": {"section": "Court work", "to": "down"},
    "set-up-section": {"section": "Court work", "name": "Court matters"},
    "set-up-measure-add": {**MEASURE, **FIGURE, **LATER, "code": "Z9", "target": "90", "tolerance": "85"},
    "set-up-measure-change": {**MEASURE, "first_quarter": "Q1 2015/16", "version": "1"},
    "set-up-measure-retire": {"last_quarter": "Q4 2018/19", "version": "1"},
    # What holds something is not deleted, and a second first target not set.
    "set-up-measure-delete": {"version": "1"},
    "set-up-series-delete": {"version": "1"},
    "set-up-target": {"target": "95", "from_quarter": "Q1 2015/16"},
    "set-up-series-add": {**FIGURE, **LATER, "role": "subgroup", "code": "S1", "name": "Older ones"},
    "set-up-series-change": {**FIGURE, "code": "B8", "name": "On track", "first_quarter": "Q1 2015/16", "version": "1"},
    # As long as nothing else changes, the target is the two parties' to change.
    "set-up-series-new": {
        **FIGURE,
        "code": "B8",
        "name": "On track",
        "last_quarter": Q2.label,
        "version": "1",
        "target": "90",
        "tolerance": "85",
        "target_basis": "contract",
        "tolerance_basis": "contract",
    },
    "set-up-series-end": {"last_quarter": Q2.label, "version": "1"},
    "set-up-definition-add": {"from_quarter": Q2.next.label, "text": "Cases closed.", "reason": "New guidance."},
    "set-up-definition-correct": {
        "text": "Cases that are on track.",
        "version": "1",
        "definition": str(DEFINITION),
    },
}
# What a POST must carry so that nothing but the right to make it decides.
BODIES: dict[str, dict[str, str]] = {
    **SET_UP,
    "account_login": {"login": "analyst@dcst.example", "password": PASSWORD},
    "account_logout": {},
    "account_change_password": {
        "oldpassword": PASSWORD,
        "password1": "quiet green hills",
        "password2": "quiet green hills",
    },
    "account_reauthenticate": {"password": PASSWORD},
    "session": {},
    "sign-out-everywhere": {},
    "password-reset": {"email": "analyst@dcst.example"},
    "password-reset-new": {"password1": "quiet green hills", "password2": "quiet green hills"},
    **dict.fromkeys(("mfa_authenticate", "mfa_reauthenticate", "mfa_activate_totp"), {"code": "123456"}),
    **dict.fromkeys(("mfa_deactivate_totp", "mfa_generate_recovery_codes"), {}),
    **dict.fromkeys(("oidc-sign-in", "oidc-connect", "oidc-disconnect"), {}),
    "demo-sign-in": {"account": "analyst"},
    "cycle-open": {},
    "cycle-submit": {},
    "cycle-send-back": {"reason": "The September count is missing."},
    "cycle-accept": {},
    "area": {"act": "add", "reason": "Below tolerance twice."},
    "entry-row": {f"{Q2.code}-version": "0", f"{Q2.code}-value": "70", "reason": "It came late."},
    "entry-series": {
        "period": Q2.code,
        "version": "0",
        "status": "final",
        "note": "",
        "value": "70",
        "reason": "Late.",
    },
    # Without a file, and with a preview that nobody was shown: refused all the same once the right is there.
    "import": {},
    "import-preview": {"digest": "none"},
    "import-paper": {"quarter": Q2.previous.code, "digest": "none"},
    "import-mapping": {
        "sheet": "0",
        "header_row": "1",
        "layout": "long",
        "column_series": "0",
        "column_period": "1",
        "column_value": "2",
    },
    "import-discard": {},
    "import-benchmarks": {"comparability": "close", "source": "DfE", "edition": "2018"},
    "import-benchmarks-preview": {"digest": "none"},
    "import-undo": {"reason": "The wrong file."},
    "targets": {
        "from_quarter": Q2.next.next.code,
        "target": "92",
        "tolerance": "86",
        "reason": "The contract was varied.",
        "propose": "1",
    },
    "target-agree": SHOWN,
    "target-refuse": {**SHOWN, "reason": "Not without more staff."},
    "target-take-back": SHOWN,
    "target-withdraw": {"reason": "Agreed by mistake."},
    "benchmark-add": BENCHMARK,
    "benchmark-change": {**BENCHMARK, "version": "1"},
    "benchmark-remove": {"version": "1"},
    "events": {"kind": "note", "day": "2018-08-14", "text": "A new system", "reason": "It counts anew."},
    "event-withdraw": {"reason": "Wrong day."},
    "pane-save": {"text": "<p>Another draft.</p>", "version": "1"},
    "pane-release": {"version": "1"},
    "pane-withdraw": {"released_version": "1"},
    # Without a text to bring back: refused all the same once the right is there.
    "pane-restore": {"version": "1"},
    "pane-start": {"version": "1"},
    "people-administrator": {"email": "second@example.org", "name": "Second"},
    "person": {"email": "officer@example.org", "name": "Officer", "version": "1"},
    "person-act": {"act": "deactivate", "version": "1"},
    "person-invitation": {},
    "invitation": {"password": "quiet green hills", "again": "quiet green hills"},
    "member-invite": {"email": "third@example.org", "name": "Third", "role": "provider:director"},
    "member": {"role": "commissioner:director", "seen": "commissioner:officer"},
    "member-remove": {"seen": "commissioner:officer"},
    # Without a link, which is good for nobody here.
    "first-administrator": {},
    "organisation-add": {"name": "Northford Borough Council", "short_name": "NBC"},
    "organisation-change": {"name": "DCST in full", "short_name": "DCST", "version": "1"},
    "contract-add": {
        "title": "Housing repairs",
        "commissioner": "new",
        "commissioner_name": "Northford Borough Council",
        "commissioner_short_name": "NBC",
        "provider": "new",
        "provider_name": "Northford Homes",
        "provider_short_name": "NH",
        "values_due_days": "20",
        "commentary_due_days": "30",
        "small_cohort": "30",
    },
    "contract-change": {
        "title": "Another title",
        "values_due_days": "20",
        "commentary_due_days": "30",
        "small_cohort": "30",
        "version": "1",
    },
    # Without a file.
    "contract-workbook": {},
    "committee-dates": {"quarter": Q2.next.label, "on": "2019-03-12"},
    "committee-date-change": {"on": "2018-12-19", "seen": COMMITTEE.isoformat()},
    "committee-date-remove": {"seen": COMMITTEE.isoformat()},
}
