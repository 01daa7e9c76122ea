"""Every address of the URLconf, filled in with rows of a `World`, and the body that makes a POST worth refusing."""

import re
from dataclasses import dataclass, field, replace

from django.http import SimpleCookie
from django.test import Client
from django.urls import URLPattern, get_resolver, resolve

from accounts.models import User
from accounts.roles import Party, Who
from accounts.viewer import Viewer
from commentary.models import Pane
from measures.imports import batches, benchmark_batches, preview
from measures.imports.mapping import Mapping
from measures.imports.tidy import Choice
from measures.models import Cycle, ImportBatch
from measures.states import State
from tests import factories
from tests.factories import NOW, Q2

PASSWORD = "a long password"
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
    def is_admin(self) -> bool:
        return self.name.startswith("admin:")

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
    """One contract with B8 in Q2 2018/19, both panes drafted once, nothing released, and everybody who may knock.

    `keys` holds a session key for each principal: the five of `Who`, "stranger" (analyst of another contract),
    "inactive" (an officer who left) and "anonymous".
    """

    def __init__(self) -> None:
        self.contract = factories.make_contract()
        self.people = factories.make_members(self.contract)
        self.measure = factories.make_measure(self.contract)
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
        factories.make_target(self.series, self.people[Who.ADMINISTRATOR].user, 90, 85)
        self.benchmark = factories.make_benchmark(self.series)
        self.event = factories.make_event(self.series, Q2.start, self.people[Who.OFFICER].user, text="Moved house")
        self.cycle = factories.open_cycle(self.contract, self.people[Who.OFFICER])
        self._draft()
        self._batches()
        self.keys = {who: _session(viewer.user) for who, viewer in self.people.items()}
        self.keys |= {"anonymous": None, **self._outsiders()}

    def _draft(self) -> None:
        for party, who in ((Party.COMMISSIONER, Who.OFFICER), (Party.PROVIDER, Who.ANALYST)):
            Pane.objects.filter(cycle=self.cycle, party=party).update(
                draft="<p>A first draft.</p>", version=1, saved_by=self.people[who].user, saved_at=NOW
            )

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
        analyst, row = self.people[Who.ANALYST], b"series,period,value\r\nB8,{},70\r\n"
        files = [row.replace(b"{}", quarter.label.encode()) for quarter in (Q2, Q2.previous)]
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
            "event": str(self.event.pk),
            "party": Party.COMMISSIONER,
            "batch": str(self.imported.pk),
            "object_id": str(self.people[Who.OFFICER].user.pk),
            "content_type_id": "1",
            "app_label": "accounts",
            "url": "nothing",
        }

    def addresses(self, name: str, route: str) -> list[Address]:
        """The pattern's address; one for each party where it names one."""
        values = dict(self.values)
        if name == "cycle-open":
            values["quarter"] = Q2.next.code
        if name in WAITING:
            values["batch"] = str(self.waiting.pk)
        if name in OF_BENCHMARKS:
            values["batch"] = str(self.benchmarks.pk)
        if name == "import-paper":
            values["batch"] = str(self.paper.pk)
        if name.startswith("admin:accounts_organisation") or "/organisation/" in route:
            values["object_id"] = str(self.contract.provider_id)
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
# What a POST must carry so that nothing but the right to make it decides. Admin pages: see test_policy.
BODIES: dict[str, dict[str, str]] = {
    "account_login": {"login": "analyst@dcst.example", "password": PASSWORD},
    "account_logout": {},
    "account_change_password": {
        "oldpassword": PASSWORD,
        "password1": "quiet green hills",
        "password2": "quiet green hills",
    },
    "account_reauthenticate": {"password": PASSWORD},
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
}
