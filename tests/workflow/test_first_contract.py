"""From an empty database to the first open quarter, through the pages alone, and how far each step says it is."""

import re

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.models import Contract, Membership, User
from measures.models import Cycle, Target
from tests.factories import Q2
from tests.reader import Reader

pytestmark = pytest.mark.django_db
SECRET = "four quiet green hills"
SET_UP = "/c/housing-repairs/set-up/"
MEASURE = {
    "code": "R1",
    "title": "Repairs finished in time",
    "section": "Repairs",
    "first_quarter": "Q1 2018/19",
    "definition": "Repairs finished by the day that was promised, of all repairs.",
    "counted": "repairs",
    "counted_one": "repair",
    "target": "95",
    "tolerance": "90",
}
PEOPLE = {
    "Olga": "Officer of NBC",
    "Ana": "Analyst of NH",
    "Dora": "Director of NBC",
    "Dan": "Director of NH",
}


def first_administrator(capsys):
    call_command("first_administrator")
    link = capsys.readouterr().out.split()[-1].removeprefix("http://127.0.0.1:8000")
    ada = Reader().visit(link)
    return ada.send(
        "Become the administrator", name="Ada", email="ada@council.example", password=SECRET, again=SECRET
    ), link


def steps(ada):
    """Of the contract's set-up, where the start page leads: what is done, and what is said to be next."""
    ada.visit("/").follow("Go on with the set-up")
    assert ada.path == SET_UP
    found = [item.one("h2").text for item in ada.main.one("ol", class_="set-up-steps").all("li")]
    assert [text.removesuffix(" done").removesuffix(" to do") for text in found] == [
        "The two organisations",
        "The contract",
        "Measures, series and first targets",
        "The people of both organisations",
        "The first quarter",
    ]
    return [text.endswith(" done") for text in found], ada.main.one("p", class_="answer").text


def sentence(ada, number):
    return ada.main.one("ol", class_="set-up-steps").all("li")[number - 1].all("p")[0].text


def buttons(reader):
    """The one thing to do next is the one button that stands out."""
    return [one.text for one in reader.main.all("a", class_="button") if "secondary" not in one.attrs["class"]]


def make_organisations(ada):
    ada.follow("add them first")
    assert "No organisations yet" in ada.main.text
    for name, short_name in (("Northford Borough Council", "NBC"), ("Northford Homes", "NH")):
        ada.visit("/set-up/organisations/")
        ada.visit(ada.links["Add an organisation"]).send("Add organisation", name=name, short_name=short_name)
    assert [row.one("th").text for row in ada.main.one("tbody").all("tr")] == [
        "Northford Borough Council", "Northford Homes",
    ]  # fmt: skip


def make_contract(ada):
    ada.visit("/")
    assert ada.main.one("h2").text == "Nothing here yet: make a contract"
    assert buttons(ada) == ["Make a contract"]
    ada.follow("Make a contract")
    sides = {"commissioner": "Northford Borough Council (NBC)", "provider": "Northford Homes (NH)"}
    typed = {side: ada.value(label) for side, label in sides.items()}
    ada.send("Make the contract", title="Housing repairs", **typed)
    assert (ada.path, ada.heading) == (SET_UP, "Set-up Housing repairs")


def add_measure(ada):
    ada.follow("Measures")
    assert "No measures yet" in ada.main.text
    assert {"Add a measure", "Bring them in from a workbook"} <= ada.links.keys()
    ada.follow("Add a measure")
    chosen = {
        "kind": "Contractual: held against a target",
        "unit": "Percentage",
        "polarity": "Higher is better",
        "derivation": "Typed once a quarter, as it stands",
    }
    ada.send("Add the measure", **MEASURE, **{name: ada.value(label) for name, label in chosen.items()})


def invite(ada, name):
    """The link, as the administrator passes it on."""
    ada.visit(SET_UP).follow("Invite somebody")
    ada.send("Invite", email=f"{name.lower()}@northford.example", name=name, role=ada.value(PEOPLE[name]))
    assert ada.heading == f"Link for {name}"
    return re.search(r"http://testserver(/\S+)", ada.main.text)[1]


def accept(link):
    reader = Reader().visit(link)
    return reader.send("Sign in", password=SECRET, again=SECRET)


def test_from_an_empty_database_to_the_first_open_quarter(capsys):
    entrance = Reader().visit("/")
    assert entrance.path.startswith("/accounts/sign-in/")
    assert "Nobody looks after this service yet" in entrance.main.text
    ada, first_link = first_administrator(capsys)
    assert (ada.path, ada.heading) == ("/", "Your contracts")
    assert (User.objects.count(), Client().get(first_link).status_code) == (1, 404)

    make_organisations(ada)
    make_contract(ada)
    assert steps(ada) == (
        [True, True, False, False, False],
        "2 of 5 steps are done. Next: measures, series and first targets .",
    )
    assert sentence(ada, 1) == "Northford Homes to Northford Borough Council."
    assert sentence(ada, 3) == "None yet. Add them by hand, or bring them all in from a workbook."
    assert buttons(ada) == ["Measures"]

    add_measure(ada)
    assert steps(ada) == (
        [True, True, True, False, False],
        "3 of 5 steps are done. Next: the people of both organisations .",
    )
    assert (sentence(ada, 3), Target.objects.get().target) == ("1 measure.", 95)
    assert buttons(ada) == ["Invite somebody"]

    link = invite(ada, "Olga")
    assert steps(ada)[0] == [True, True, True, False, False]
    missing = "1 person. Still missing: an analyst of NH, a director of NBC, a director of NH."
    assert sentence(ada, 4) == f"{missing} Invited, and not signed in yet: Olga."
    olga = accept(link)
    assert (olga.path, Client().get(link).status_code) == ("/", 404)
    assert steps(ada)[0] == [True, True, True, False, False]
    assert sentence(ada, 4) == missing

    links = {name: invite(ada, name) for name in PEOPLE if name != "Olga"}
    ana = accept(links["Ana"])
    assert steps(ada) == ([True, True, True, True, False], "4 of 5 steps are done. Next: the first quarter .")
    assert sentence(ada, 4) == "4 people. Each role is filled. Invited, and not signed in yet: Dan, Dora."
    assert sentence(ada, 5) == "An officer of NBC opens it from their start page."
    assert buttons(ada) == []
    assert "No quarter has been opened yet. An officer of NBC opens the first one." in ana.visit("/").main.text

    olga.visit("/").follow("Open Q3 2018/19").follow("Q2 2018/19").send("Open Q2 2018/19")
    assert (Cycle.objects.get().quarter, olga.path) == (Q2, "/c/housing-repairs/2018-Q2/")
    assert "R1" in olga.main.text
    ada.visit("/").follow("Set-up")
    assert (ada.path, ada.main.all("ol", class_="set-up-steps")) == (SET_UP, [])
    assert [one.text for one in ada.main.all("h2")] == ["Measures", "People", "Workbook", "Settings"]
    ana.visit("/").follow("Q2 2018/19")
    assert ana.visit("/c/housing-repairs/2018-Q2/entry/").main.one("h1").text != ""
    assert (Contract.objects.count(), Membership.objects.count(), User.objects.count()) == (1, 4, 5)
