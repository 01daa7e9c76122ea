"""The set-up pages over HTTP: a contract from nothing to its first open quarter, by pages alone, and each refusal."""

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.roles import Who
from commentary.models import Pane
from measures.models import Cycle, Measure, Series, Target
from measures.states import State
from measures.terms import Basis
from tests import contractbooks, factories
from tests.markup import parse
from tests.measures.set_up_desk import FIRST, Q1, Q2, Q3, TARGET, Desk
from tests.measures.set_up_pages import B8, BASE, FIGURE, address, hidden, of_series, page, problems, said, signed_in
from workflow.contract_books import holding, writing


@pytest.fixture
def desk(db):
    return Desk()


@pytest.fixture
def client(desk):
    return signed_in(desk)


class TestJourney:
    def test_from_nothing_to_the_first_open_quarter(self, desk, client):
        empty = page(client, BASE)
        assert "No measures yet" in empty.text
        assert "Add the first, or bring them in from a workbook." in empty.text
        [add] = [link.attrs["href"] for link in empty.all("a") if link.text == "Add a measure"]
        client.post(add, B8)
        client.post(
            add, {**B8, "code": "A1", "title": "Visits in time", "section": "Visits", "target": "", "tolerance": ""}
        )
        response = client.post(add, {**B8, "code": "A2", "title": "Visits alone", "section": "visits"})
        assert response["Location"] == address("a2")
        page_of = client.get(address("a1")).text
        assert "None yet" in page_of
        client.post(of_series("target", Series.objects.get(code="A1")), {"target": "80", "from_quarter": "Q2 2018/19"})
        client.post(BASE + "order/", {"section": "Visits", "to": "up"})
        client.post(BASE + "order/", {"measure": Measure.objects.get(code="A2").pk, "place": "1"})
        listed = page(client, BASE)
        assert [link.text for link in listed.all("a") if "/m/" in link.attrs["href"] and link.text[0] in "AB"] == [
            "A2 Visits alone",
            "A1 Visits in time",
            "B8 Proceedings on track",
        ]
        assert [heading.text.split("  ")[0] for heading in listed.all("h2")][0].startswith("Visits")
        officer = signed_in(desk, Who.OFFICER)
        assert officer.post(f"/c/childrens-services/open/{Q2.code}/").status_code == 302
        assert (Cycle.objects.get().quarter, Pane.objects.count()) == (Q2, 6)
        scorecard = officer.get(f"/c/childrens-services/{Q2.code}/")
        assert scorecard.status_code == 200
        codes = re.findall(r'href="[^"]*/2018-Q2/m/([a-z0-9]+)/', scorecard.text)
        assert list(dict.fromkeys(codes)) == ["a2", "a1", "b8"]

    def test_a_measure_of_an_open_quarter_gets_its_panes(self, desk, client):
        desk.cycle(Q2)
        form = page(client, BASE + "add/")
        assert "it appears in Q2 2018/19 at once" in form.text
        client.post(BASE + "add/", B8)
        assert Pane.objects.count() == 2

    def test_its_address_is_made_as_a_workbook_makes_it(self, client):
        client.post(BASE + "add/", {**B8, "code": "B.8"})
        client.post(BASE + "add/", {**B8, "code": "B/8", "title": "Another"})
        assert list(Measure.objects.order_by("pk").values_list("code", "slug")) == [("B.8", "b-8"), ("B/8", "b-8-2")]

    def test_texts_are_no_longer_than_a_workbook_takes(self, client):
        longest = {"definition": "x" * 10_000, "why_it_matters": "y" * 10_000}
        over = client.post(BASE + "add/", {**B8, **{name: f"{text}x" for name, text in longest.items()}})
        too_long = "Use 10000 characters or fewer; this has 10001."
        assert problems(over) == [("#id_definition", too_long), ("#id_why_it_matters", too_long)]
        assert said(client, client.post(BASE + "add/", {**B8, **longest})) == ["B8 Proceedings on track was added."]
        found = contractbooks.read(writing.workbook(holding.book_of(Measure.objects.get().contract)))
        assert (contractbooks.told(found), len(found.book.definitions[0].text)) == ([], 10_000)

    def test_what_was_typed_is_held(self, client):
        sentences = said(client, client.post(BASE + "add/", B8))
        assert sentences == ["B8 Proceedings on track was added."]
        target = Target.objects.get()
        assert (target.target, target.tolerance, target.from_quarter) == (90, 85, Q2)


class TestKeyboard:
    @pytest.mark.parametrize(
        "path",
        ["add/", "m/b8/change/", "m/b8/retire/", "m/b8/section/", "m/b8/series/add/"],
    )
    def test_each_field_has_a_label_and_one_button_sends_the_form(self, desk, client, path):
        desk.measure()
        main = page(client, BASE + path)
        [form] = main.all("form")
        fields = [
            node
            for node in form.walk()
            if node.tag in ("input", "select", "textarea") and node.attrs.get("type") != "hidden"
        ]
        labels = [node.attrs["for"] for node in form.all("label")]
        assert [node.attrs["id"] for node in fields] == labels, "labels and fields stand in one order"
        assert len([node for node in form.all("button") if node.attrs["type"] == "submit"]) == 1
        assert not [node for node in main.walk() if int(node.attrs.get("tabindex", 0)) > 0]
        assert len(main.all("h1")) == 1

    def test_the_order_page_moves_by_the_enter_key(self, desk, client):
        desk.measure()
        desk.measure("C1")
        [first, *_] = page(client, BASE + "order/").all("form")
        buttons = first.all("button")
        assert [node.attrs.get("name") for node in buttons] == [None, "to", "to"], "Enter sends the typed place"
        box = first.one("label")
        assert box.text == "Place of B8, 1 to 2"


class TestRefused:
    def test_everything_at_once_at_its_field_and_nothing_typed_is_lost(self, client):
        response = client.post(
            BASE + "add/",
            {
                **B8,
                "code": "",
                "first_quarter": "soon",
                "unit": "count",
                "derivation": "pooled_ratio",
                "target": "90",
                "tolerance": "95",
            },
        )
        assert response.status_code == 422
        assert problems(response) == [
            ("#id_code", "Enter the code, as the contract has it."),
            ("#id_first_quarter", "Write the quarter as Q2 2018/19."),
            (
                "#id_derivation_0",
                "Only percentages and rates are made of two counts. Choose another way, or another unit.",
            ),
            (
                "#id_tolerance",
                "Higher is better, so the tolerance cannot be above the target. "
                "Enter a tolerance at or below the target, or mend the target.",
            ),
        ]
        typed = {node.attrs["name"]: node.attrs.get("value") for node in parse(response.text).all("input")}
        assert (typed["first_quarter"], typed["title"], typed["target"]) == ("soon", "Proceedings on track", "90")
        assert Measure.objects.count() == 0

    def test_a_code_in_use_and_a_quarter_that_is_published(self, desk, client):
        desk.measure()
        desk.cycle(Q2, State.PUBLISHED)
        response = client.post(BASE + "add/", {**B8, "code": "b8"})
        assert problems(response) == [
            ("#id_code", "B8 Proceedings on track has this code already. Choose another."),
            (
                "#id_first_quarter",
                "Q2 2018/19 is published, and what stands in it does not change. Begin with Q3 2018/19 or later.",
            ),
        ]

    def test_it_begins_like_the_last_one_but_after_what_is_decided(self, desk, client):
        def offered():
            inputs = page(client, BASE + "add/").all("input")
            return {node.attrs.get("name"): node.attrs.get("value") for node in inputs}

        desk.measure()
        desk.cycle(Q1, State.PAST)
        assert (offered()["section"], offered()["first_quarter"]) == ("Court work", FIRST.label)
        desk.cycle(Q2, State.AGREED)
        assert offered()["first_quarter"] == "Q3 2018/19"

    def test_a_volumetric_measure_takes_no_target(self, client):
        response = client.post(BASE + "add/", {**B8, "kind": "volumetric"})
        assert problems(response) == [
            ("#id_target", "A volumetric measure has no target. Leave it empty, or choose another kind of measure.")
        ]

    def test_somebody_elses_change_is_shown_beside_what_was_typed(self, desk, client):
        row = desk.measure()
        body = {**B8, "first_quarter": FIRST.label, "slug": "b8", "version": "1"}
        assert client.post(address(rest="change/"), {**body, "title": "Theirs"}).status_code == 302
        response = client.post(address(rest="change/"), {**body, "title": "Mine"})
        assert response.status_code == 409
        main = parse(response.text).one("main")
        cells = [[cell.text for cell in each.all("td")] for each in main.all("tr")]
        assert ["Theirs", "Mine"] in cells
        row.refresh_from_db()
        assert row.title == "Theirs"
        [version] = [node.attrs["value"] for node in main.all("input") if node.attrs["name"] == "version"]
        assert client.post(address(rest="change/"), {**body, "title": "Mine", "version": version}).status_code == 302

    @pytest.mark.parametrize("page_of", ["change", "retire", "delete"])
    def test_somebody_elses_change_of_the_address_loses_nothing(self, desk, client, page_of):
        row, path = desk.measure(), address(rest=f"{page_of}/")
        sent = hidden(client.get(path))
        assert sent["measure"] == str(row.pk)
        assert client.post(address(rest="change/"), {**B8, "slug": "court", "version": "1"}).status_code == 302
        assert client.get(path).status_code == 404
        body = {**sent, **B8, "slug": "b8", "title": "Mine", "last_quarter": "Q4 2018/19"}
        response = client.post(path, body)
        assert response.status_code == 409
        main = parse(response.text).one("main")
        if page_of == "change":
            cells = [[cell.text for cell in each.all("td")] for each in main.all("tr")]
            assert ["court", "b8"] in cells
        assert client.post(path, {**body, "slug": "court", **hidden(response)}).status_code == 302

    def test_a_number_of_another_contract_is_not_known(self, desk, client):
        foreign = factories.make_measure(factories.make_contract("leisure", "L", "M"), "L1")
        desk.measure()
        for rest in ("change/", "retire/", "delete/", "series/add/"):
            assert client.post(address(rest=rest), {"measure": foreign.pk, "version": "1"}).status_code == 404

    @pytest.mark.parametrize("state", [State.PAST, State.AGREED, State.PUBLISHED])
    def test_a_kind_that_is_fixed_is_text_with_why(self, desk, client, state):
        desk.measure()
        desk.cycle(Q1, state)
        main = page(client, address(rest="change/"))
        assert not {node.attrs.get("name") for node in main.walk()} & {"kind", "slug"}
        facts = [(row.one("dt").text, row.one("dd").text) for row in main.one("dl").all("div")]
        assert facts == [("Kind of measure", "Contractual: held against a target"), ("Address", "b8")]
        assert "its colour there hangs on the kind." in main.text
        client.post(address(rest="change/"), {**B8, "kind": "volumetric", "title": "Seen", "version": "1"})
        assert Measure.objects.values_list("kind", flat=True).get() == "contractual"

    @pytest.mark.parametrize(
        ("typed", "found"),
        [
            ({"target": "90%"}, ("#id_target", "Take out the % sign: this is not a percentage.")),
            ({"maximum": "40%"}, ("#id_maximum", "Take out the % sign: this is not a percentage.")),
            ({"target": "-5"}, ("#id_target", "Enter 0 or more: this cannot be negative.")),
            ({"target": "9" * 39}, ("#id_target", "Enter 999,999,999 or less.")),
            ({"target": "20", "maximum": "10"}, ("#id_target", "Enter 10 or less.")),
            ({"maximum": "9" * 39}, ("#id_maximum", "Enter 999,999,999 or less.")),
        ],
    )
    def test_a_figure_of_days(self, client, typed, found):
        body = {**B8, "unit": "days", "polarity": "lower", "target": "20", "tolerance": "", **typed}
        assert problems(client.post(BASE + "add/", body)) == [found]
        assert Measure.objects.count() == 0

    def test_a_first_target_of_days(self, desk, client):
        desk.measure(series={"unit": "days"})
        response = client.post(of_series("target"), {"from_quarter": FIRST.label, "target": "90%"})
        assert problems(response)[0] == ("#id_target", "Take out the % sign: this is not a percentage.")
        series = Series.objects.get()
        desk.figure(series, Q1)
        body = {"code": "B8", "name": "A", "first_quarter": FIRST.label, "counted": "a", "counted_one": "a"}
        response = client.post(of_series("change"), {**body, "maximum": "90%", "version": "1"})
        assert problems(response) == [("#id_maximum", "Take out the % sign: this is not a percentage.")]

    def test_two_people_rename_a_section(self, desk, client):
        desk.measure()
        path = address(rest="section/")
        body = {"section": "Court work"}
        assert said(client, client.post(path, {**body, "name": "Courts"})) == ["The section is called Courts now."]
        response = client.post(path, {**body, "name": "Law"})
        assert response.status_code == 409
        assert Measure.objects.get().section == "Courts"

    @pytest.mark.parametrize("place", ["", "0", "first", "-1", "9" * 30])
    def test_a_place_that_is_no_number(self, desk, client, place):
        row = desk.measure()
        desk.measure("C1")
        response = client.post(BASE + "order/", {"measure": row.pk, "place": place})
        assert (response.status_code, problems(response)) == (
            422,
            [(f"#place-measure-{row.pk}", "Enter the place as a number, 1 for the first.")],
        )

    def test_what_does_not_belong_together_is_not_known(self, desk, client):
        desk.measure()
        foreign = factories.make_series(factories.make_measure(factories.make_contract("leisure", "L", "M"), "L1"))
        paths = [address("l1"), of_series("change", foreign), f"{BASE}m/b8/series/{foreign.pk}/change/"]
        assert [client.get(path).status_code for path in paths] == [404] * 3
        assert client.post(BASE + "order/", {"measure": foreign.measure.pk, "to": "up"}).status_code == 404
        assert client.post(BASE + "order/", {"series": foreign.pk, "to": "up"}).status_code == 404


class TestEnds:
    def test_retire_and_take_back(self, desk, client):
        desk.measure()
        path = address(rest="retire/")
        assert said(client, client.post(path, {"last_quarter": "Q2 2018/19", "version": "1"})) == [
            "B8 ends with Q2 2018/19."
        ]
        assert "Take the end back" in client.get(path).text
        assert said(client, client.post(path, {"take_back": "x", "last_quarter": "", "version": "2"})) == [
            "B8 goes on."
        ]
        assert Measure.objects.get().last_quarter is None

    def test_taking_back_asks_nothing_of_the_field(self, desk, client):
        measure = desk.measure()
        Measure.objects.update(last_quarter=Q2)
        Series.objects.update(last_quarter=Q2)
        for path in (of_series("end"), address(rest="retire/")):
            response = client.post(path, {"take_back": "x", "last_quarter": "soon", "version": "1"})
            assert response.status_code == 302, problems(response)
        measure.refresh_from_db()
        assert (measure.last_quarter, Series.objects.get().last_quarter) == (None, None)

    def test_the_message_names_the_quarter(self, desk, client):
        row = desk.measure()
        desk.figure(row.series.get(), Q2)
        response = client.post(address(rest="retire/"), {"last_quarter": "Q1 2018/19", "version": "1"})
        assert problems(response) == [
            ("#id_last_quarter", "B8 has figures in Q2 2018/19: retire it with Q2 2018/19 or later.")
        ]

    def test_delete_asks_first(self, desk, client):
        desk.measure(target=TARGET)
        path = address(rest="delete/")
        text = page(client, path).text
        assert "Delete B8 Proceedings on track?" in text
        assert "It takes along 1 series, 1 definition, 1 target and its empty texts. The audit trail keeps" in text
        sent = hidden(client.get(path))
        assert client.post(path, {**sent, "version": "7"}).status_code == 409
        assert said(client, client.post(path, sent)) == ["B8 Proceedings on track was deleted."]
        assert Measure.objects.count() == 0

    def test_delete_says_what_is_held_and_offers_retiring(self, desk, client):
        row = desk.measure()
        factories.make_benchmark(row.series.get())
        main = page(client, address(rest="delete/"))
        assert main.one("h1").text == "B8 Proceedings on track cannot be deleted"
        assert [item.text for item in main.one("ul").all("li")] == ["1 benchmark of B8"]
        assert address(rest="retire/") in [link.attrs["href"] for link in main.all("a")]
        assert not main.all("form")
        response = client.post(address(rest="delete/"), {"version": "1"})
        assert response.status_code == 422
        assert parse(response.text).one("title").text.startswith("Error: Delete B8")


class TestSeries:
    def test_what_is_fixed_is_text_with_why_and_the_way_out(self, desk, client):
        series = desk.measure().series.get()
        desk.figure(series, Q2)
        main = page(client, of_series("change"))
        names = {node.attrs.get("name") for node in main.walk()}
        assert not names & {"unit", "decimals", "polarity", "derivation", "window", "role"}
        facts = [(row.one("dt").text, row.one("dd").text) for row in main.one("dl").all("div")]
        assert facts[1:4] == [("Unit", "Percentage"), ("Decimals", "0"), ("Which way is better", "Higher is better")]
        assert "Figures are held in Q2 2018/19, so that this stays as it is" in main.text
        assert of_series("new") in [link.attrs["href"] for link in main.all("a")]
        body = {
            "code": "B8",
            "name": "On track",
            "first_quarter": FIRST.label,
            "counted": "cases",
            "counted_one": "case",
        }
        assert said(client, client.post(of_series("change"), {**body, "unit": "days", "version": "1"})) == [
            "B8 On track was saved."
        ]
        assert Series.objects.get().unit == "percent"

    @pytest.mark.parametrize("state", [State.OPEN, State.SUBMITTED, State.PUBLISHED])
    def test_of_figures_that_are_not_past_only_that_something_was_begun(self, desk, client, state):
        series = desk.measure().series.get()
        desk.cycle(Q1, State.PAST)
        desk.cycle(Q2, state)
        before = [client.get(of_series(name)).text for name in ("new", "end")]
        desk.figure(series, Q1)
        desk.figure(series, Q2)
        main = page(client, address())
        [holds] = [row.one("dd").text for row in main.all("div") if row.all("dt") and row.all("dt")[0].text == "Holds"]
        assert holds == "figures in Q1 2018/19, what the parties have begun in Q2 2018/19"
        for path in (of_series("change"), of_series("delete"), address(rest="delete/")):
            text = page(client, path).text
            assert "Figures are held in Q2" not in text
            assert "figures in Q2" not in text
        # Which quarter is offered says nothing of where the figures are.
        offered = [re.findall(r'name="last_quarter" value="([^"]*)"', text) for text in before]
        assert offered == [
            re.findall(r'name="last_quarter" value="([^"]*)"', client.get(of_series(name)).text)
            for name in ("new", "end")
        ]
        assert offered == [["Q2 2018/19"]] * 2

    def test_a_new_one_has_the_target_that_is_in_force_when_it_starts(self, desk, client):
        series = desk.measure(target=TARGET).series.get()
        desk.figure(series, Q1)
        factories.make_target(series, desk.admin.user, 92, 88, Q2)
        factories.make_target(series, desk.admin.user, 95, 90, Q3)
        typed = {
            node.attrs.get("name"): node.attrs.get("value") for node in page(client, of_series("new")).all("input")
        }
        assert (typed["last_quarter"], typed["target"], typed["tolerance"]) == ("Q1 2018/19", "92", "88")
        body = {**FIGURE, "code": "B8", "name": "New", "version": "1", "last_quarter": "Q2 2018/19"}
        response = client.post(of_series("new"), {**body, "target": "92", "tolerance": "88"})
        why = (
            "Unit, decimals and which way is better stay, and so does the target: 95, tolerance 90. The two parties "
            "change it, on its own page."
        )
        assert problems(response) == [("#id_target", why), ("#id_tolerance", why)]
        response = client.post(of_series("new"), {**body, "target": "95", "tolerance": "90"})
        assert said(client, response) == ["B8 New starts in Q3 2018/19."]

    def test_a_new_one_is_prefilled_and_takes_the_place(self, desk, client):
        series = desk.measure(target=TARGET).series.get()
        desk.figure(series, Q2)
        main = page(client, of_series("new"))
        typed = {node.attrs.get("name"): node.attrs.get("value") for node in main.all("input")}
        assert (typed["last_quarter"], typed["target"], typed["code"]) == ("Q2 2018/19", "90", "B8")
        body = {**FIGURE, "unit": "days", "polarity": "lower", "code": "B8", "name": "Days", "version": "1"}
        response = client.post(of_series("new"), {**body, "last_quarter": "Q2 2018/19", "target": "20"})
        assert said(client, response) == ["B8 Days starts in Q3 2018/19."]
        assert list(Series.objects.order_by("pk").values_list("unit", "first_quarter", "last_quarter")) == [
            ("percent", FIRST, Q2),
            ("days", Q3, None),
        ]
        assert client.get(of_series("new", series)).status_code == 404

    def test_add_end_go_on_and_delete(self, desk, client):
        desk.measure()
        body = {**FIGURE, "role": "subgroup", "code": "CiC", "name": "In care", "first_quarter": "Q1 2018/19"}
        assert said(client, client.post(address(rest="series/add/"), body)) == ["CiC In care was added."]
        made = Series.objects.get(code="CiC")
        assert said(client, client.post(of_series("end", made), {"last_quarter": "Q2 2018/19", "version": "1"})) == [
            "CiC In care ends with Q2 2018/19."
        ]
        assert said(client, client.post(of_series("end", made), {"take_back": "x", "version": "2"})) == [
            "CiC In care goes on."
        ]
        text = page(client, of_series("delete", made)).text
        assert "Delete CiC In care? Nothing is held of it yet. It takes along 1 definition. The audit trail" in text
        sent = hidden(client.get(of_series("delete", made)))
        assert said(client, client.post(of_series("delete", made), sent)) == ["CiC In care was deleted."]
        headline = Series.objects.get()
        main = page(client, of_series("delete"))
        assert "B8 needs a headline. Delete the whole measure instead" in main.text
        response = client.post(of_series("end"), {"last_quarter": "Q4 2018/19", "version": str(headline.version)})
        assert problems(response) == [
            ("#id_last_quarter", "B8 needs a headline. Start a new series instead, or retire the measure.")
        ]

    def test_definitions(self, desk, client):
        desk.measure()
        body = {"from_quarter": "Q2 2018/19", "text": "Cases closed.", "reason": "New guidance"}
        assert said(client, client.post(of_series("definitions/add"), body)) == [
            "B8 Proceedings on track is counted anew from Q2 2018/19."
        ]
        wrong = client.post(of_series("definitions/add"), body)
        assert [where for where, _ in problems(wrong)] == ["#id_text"]
        wrong = client.post(of_series("definitions/add"), {**body, "text": "Cases opened."})
        assert [where for where, _ in problems(wrong)] == ["#id_from_quarter"]
        sent = hidden(client.get(of_series("definitions/correct")))
        body = {"text": "Cases closed in time.", "reason": "New guidance", **sent}
        assert said(client, client.post(of_series("definitions/correct"), body)) == ["The definition of B8 was saved."]
        stale = client.post(of_series("definitions/correct"), {**body, "text": "Other."})
        assert stale.status_code == 409
        assert desk.definitions(Series.objects.get())[1] == (Q2, "Cases closed in time.", "New guidance")

    def test_a_first_target_once(self, desk, client):
        desk.measure()
        body = {"from_quarter": FIRST.label, "target": "90", "tolerance": "95"}
        response = client.post(of_series("target"), body)
        assert [where for where, _ in problems(response)] == ["#id_tolerance"]
        assert said(client, client.post(of_series("target"), {**body, "tolerance": "85"})) == [
            "B8 Proceedings on track has its first target."
        ]
        main = page(client, of_series("target"))
        assert "It has a target already." in main.text
        assert not main.all("form")
        assert client.post(of_series("target"), {**body, "tolerance": "85"}).status_code == 422
        assert Target.objects.count() == 1

    def test_no_first_target_where_there_was_one_or_can_be_none(self, desk, client):
        row = factories.propose_target(desk.measure().series.get(), desk.people[Who.OFFICER], 90)
        Target.objects.filter(pk=row.pk).update(closed_by=desk.admin.user, closed_at=row.proposed_at)
        assert "The two parties have dealt with a target of B8 before" in page(client, of_series("target")).text
        volumetric = desk.measure("C1", kind="volumetric").series.get()
        main = page(client, of_series("target", volumetric))
        assert "Not rated: the measure is volumetric." in main.text
        assert not main.all("form")
        for code in ("b8", "c1"):
            assert "Set the first target" not in page(client, address(code)).text

    def test_headings_go_down_step_by_step(self, desk, client):
        desk.measure()
        headings = [node.tag for node in page(client, address()).walk() if node.tag in ("h1", "h2", "h3")]
        assert headings == ["h1", "h2", "h2", "h3"]

    def test_what_stands_where_no_target_is_in_force(self, desk, client):
        series = desk.measure().series.get()

        def stands():
            [text] = [row.text for row in page(client, address()).all("div") if row.text.startswith("Target ")]
            return text

        def offers():
            return "Set the first target of B8" in page(client, address()).text

        assert (stands(), offers()) == ("Target None yet", True)
        row = factories.propose_target(series, desk.people[Who.OFFICER], 90)
        assert stands() == "Target None in force: a proposal waits for its answer Changes of targets of B8"
        assert not offers()
        Target.objects.filter(pk=row.pk).update(
            closed_at=factories.NOW, closed_by=desk.people[Who.PROVIDER_DIRECTOR].user, closed_reason="No."
        )
        assert (stands(), offers()) == ("Target None in force Changes of targets of B8", False)
        Target.objects.all().delete()
        Series.objects.update(polarity="neutral")
        assert (stands(), offers()) == ("Target Not rated: neither way is better", False)
        Series.objects.update(polarity="higher")
        Measure.objects.update(kind="volumetric")
        assert (stands(), offers()) == ("Target Not rated: the measure is volumetric", False)


class TestList:
    def test_three_hundred_measures_in_pages_of_fifty(self, desk, client):
        for number in range(300):
            factories.make_measure(desk.contract, f"M{number}", section=f"Section {number % 4}")
        main = page(client, BASE)
        assert "300 measures in 4 sections, in the order of the paper." in main.text
        assert len([row for row in main.all("tr") if row.all("td")]) == 50
        assert "1 to 50 of 300" in main.text
        found = page(client, BASE + "?q=m299")
        assert [row.one("th").text for row in found.all("tr") if row.all("td")] == ["M299 Measure M299"]
        nothing = page(client, BASE + "?q=nowhere")
        assert "No measure found" in nothing.text

    @pytest.mark.parametrize("path", [BASE, BASE + "order/", address(), address(rest="change/"), BASE + "add/"])
    def test_as_many_queries_for_three_of_everything_as_for_one(self, desk, client, path):
        def nested(code):
            row = desk.measure(code, target=TARGET)
            series = row.series.get()
            desk.figure(series, Q1)
            factories.make_benchmark(series)
            factories.make_event(series, Q2.start, desk.admin.user)

        nested("B8")
        # The first page starts the session's clock.
        client.get("/")
        counts = []
        for _ in range(2):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert client.get(path).status_code == 200
            counts.append(len(queries))
            if len(counts) == 1:
                for code in ("C1", "D1"):
                    nested(code)
                for number in range(2):
                    made = factories.make_series(Measure.objects.get(code="B8"), code=f"S{number}", role="pair")
                    desk.figure(made, Q1)
                desk.cycle(Q3, State.PAST)
        assert counts[0] == counts[1]
        assert counts[0] <= 16

    def test_a_retired_measure_and_one_without_series(self, desk, client):
        row = desk.measure(target=TARGET)
        Measure.objects.filter(pk=row.pk).update(last_quarter=Q2)
        factories.make_measure(desk.contract, "C1")
        main = page(client, BASE)
        rows = {
            each.one("th").text: [cell.text for cell in each.all("td")] for each in main.all("tr") if each.all("td")
        }
        assert rows["B8 Proceedings on track"] == [
            *("Contractual", "Percentage, higher is better, quarterly"),
            *("90%, tolerance 85%, from Q1 2017/18", "Q1 2017/18 to Q2 2018/19"),
        ]
        assert rows["C1 Measure C1"][1] == "No headline yet"

    def test_what_the_contract_does_not_say_is_named(self, desk, client):
        desk.measure(target=TARGET._replace(target_basis=Basis.ASSUMED, tolerance_basis=Basis.ILLUSTRATIVE))
        words = "90% (assumed), tolerance 85% (illustrative), from Q1 2017/18"
        assert words in page(client, BASE).text
        assert words in page(client, address()).text

    def test_titles_are_texts(self, desk, client):
        desk.measure(title="<b>Bold</b>", section="<i>Work</i>")
        for path in (BASE, BASE + "order/", address()):
            text = client.get(path).text
            assert html.escape("<b>Bold</b>") in text
            assert "<b>Bold</b>" not in text
