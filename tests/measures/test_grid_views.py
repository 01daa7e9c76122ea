"""The entry grid through the client: who may, what is saved, refused, checked and told."""

from decimal import Decimal

import pytest

from accounts.models import AuditEntry
from accounts.roles import Who
from measures.entries import Entry, Status
from measures.grid_cells import SYMBOL_INSTEAD
from measures.grid_views import MOVED, MOVED_SHORT
from measures.models import Observation, kind_of
from measures.states import State
from tests import factories
from tests.factories import NOW, Q2
from tests.markup import parse
from tests.measures.entry_desk import LIST
from tests.measures.grid_desk import GridDesk, box, cautions, message, part, text_in, version

JULY, AUGUST, SEPTEMBER = Q2.months


@pytest.fixture
def desk(db):
    return GridDesk()


def held(series, period=Q2):
    return Observation.objects.get(series=series, start=period.start, period_kind=kind_of(period), is_current=True)


def values(series):
    rows = Observation.objects.filter(series=series, is_current=True).order_by("period_kind", "start")
    return [(row.period.code, row.value and row.value.normalize(), row.status) for row in rows]


class TestSaving:
    def test_a_row_of_months_at_once_and_the_quarter_that_they_give(self, desk):
        series = desk.monthly()
        response = desk.send({JULY: {"value": "1,800"}, AUGUST: {"value": "1900 p"}, SEPTEMBER: {"value": "x"}}, series)
        assert response.status_code == 200
        assert response.json()["message"].startswith("Saved ")
        assert values(series) == [
            ("2018-07", 1800, "final"),
            ("2018-08", 1900, "provisional"),
            ("2018-09", None, "not_available"),
            ("2018-Q2", 1850, "provisional"),
        ]
        page = desk.answer(response)
        assert [text_in(page, series, month, "value") for month in Q2.months] == ["1800", "1900 p", "x"]
        assert [version(page, series, month) for month in Q2.months] == ["1", "1", "1"]
        assert part(page, f"quarter-{series.pk}") == "1,850 [p] mean of months, 2 of 3"
        assert part(page, f"held-{series.pk}") == "Held"
        assert part(page, "complete") == "3 of 4 values held; B8 Q2 2018/19 missing. Due 31 October 2018."

    def test_counts_give_the_value_and_a_note_stands_beside_it(self, desk):
        response = desk.send({Q2: {"numerator": "147", "denominator": "210", "note": "Two late.\r\nOne not."}})
        row = held(desk.series)
        assert (row.value, row.numerator, row.denominator, row.note) == (70, 147, 210, "Two late.\r\nOne not.")
        page = desk.answer(response)
        below = page.one("span", id=f"below-{desk.series.pk}-{Q2.code}")
        assert below.one("span", class_="told").text == "70%"
        assert below.one("span", class_="printed").text == "70% 147 of 210"
        assert part(page, f"notes-label-{desk.series.pk}") == "1 note of B8"
        assert text_in(page, desk.series, Q2, "note") == "Two late. One not."

    def test_cells_that_were_not_sent_stay(self, desk):
        series = desk.monthly()
        desk.hold(Entry(Decimal(1800)), series=series, period=JULY)
        assert desk.send({AUGUST: {"value": "1900"}}, series).status_code == 200
        assert values(series)[:2] == [("2018-07", 1800, "final"), ("2018-08", 1900, "final")]

    def test_what_stands_there_already_is_not_saved_again(self, desk):
        desk.hold(Entry(Decimal(70), note="As told."))
        Observation.objects.update(illustrative=True)
        response = desk.send({Q2: {"value": "70", "note": "As told.", "version": 1}})
        assert (response.status_code, response.json()["message"]) == (200, "Nothing has changed")
        assert (held(desk.series).version, held(desk.series).illustrative) == (1, True)

    def test_a_save_whose_answer_was_lost_may_come_again(self, desk):
        for _ in range(2):
            assert desk.send({Q2: {"value": "70"}}).status_code == 200
        assert held(desk.series).version == 1

    def test_an_empty_row(self, desk):
        assert desk.send({Q2: {}}).json()["message"] == "Nothing has changed"
        assert not Observation.objects.exists()

    def test_without_script_the_page_comes_back_at_the_row_with_its_state(self, desk):
        client = desk.client()
        response = desk.send({Q2: {"value": "70"}}, client=client, script=False)
        assert (response.status_code, response["Location"]) == (302, f"{LIST}#row-{desk.series.pk}")
        line = parse(client.get(LIST).text).one("tr", id=f"row-{desk.series.pk}")
        assert line.one("span", class_="save-state").text.startswith("Saved ")
        again = parse(client.get(LIST).text).one("tr", id=f"row-{desk.series.pk}")
        assert again.one("span", class_="save-state").text == ""


class TestRefusing:
    def test_a_message_at_each_box_the_texts_kept_and_nothing_stored(self, desk):
        series = desk.monthly()
        cells = {JULY: {"value": "1800"}, AUGUST: {"value": "many"}, SEPTEMBER: {"value": "", "note": "Later."}}
        response = desk.send(cells, series, script=False)
        assert response.status_code == 422
        page = parse(response.text)
        assert [message(page, series, month, "value") for month in Q2.months] == [
            "",
            "Enter a number in digits, such as 1,898.",
            "Enter a value, or x, z or c: a note stands beside one.",
        ]
        assert [text_in(page, series, month, "value") for month in Q2.months] == ["1800", "many", ""]
        assert text_in(page, series, SEPTEMBER, "note") == "Later."
        problem = page.one("p", class_="problem")
        assert problem.text == "E1 was not saved: 2 things to mend."
        assert {"autofocus": "", "role": "alert"}.items() <= problem.attrs.items()
        assert page.one("title").text.startswith("Error: ")
        assert not Observation.objects.exists()

    def test_a_script_gets_the_same_row(self, desk):
        response = desk.send({Q2: {"numerator": "9", "denominator": "5"}})
        assert (response.status_code, response.json()["message"]) == (422, "1 thing to mend")
        page = desk.answer(response)
        assert (
            message(page, desk.series, Q2, "numerator") == "Enter 5 or less: the numerator is part of the denominator."
        )
        assert page.all("p", class_="problem") == []

    @pytest.mark.parametrize(
        ("texts", "name", "told"),
        [
            ({"value": "-"}, "value", SYMBOL_INSTEAD),
            ({"value": "101"}, "value", "Enter 100 or less."),
            ({"value": "70", "note": "x" * 501}, "note", "Use 500 characters or fewer; this has 501."),
            ({"value": "<script>alert(1)</script>"}, "value", "Enter a number in digits, such as 1,898."),
        ],
    )
    def test_what_is_wrong_with_a_cell(self, desk, texts, name, told):
        response = desk.send({Q2: texts}, script=False)
        page = parse(response.text)
        assert (response.status_code, message(page, desk.series, Q2, name)) == (422, told)
        assert text_in(page, desk.series, Q2, name) == texts[name]
        assert ("open" in page.one("tr", id=f"notes-{desk.series.pk}").attrs["class"]) == (name == "note")

    def test_what_was_saved_cannot_be_emptied(self, desk):
        desk.hold(Entry(Decimal(70)))
        page = desk.answer(desk.send({Q2: {"version": 1}}))
        assert message(page, desk.series, Q2, "numerator").startswith("What was saved cannot be emptied.")
        assert held(desk.series).value == 70

    def test_a_period_or_series_that_is_not_of_this_quarter(self, desk):
        assert desk.send({JULY: {"value": "70"}}).json()["message"] == "Nothing has changed"
        other = factories.make_series(desk.measure, role="pair", code="NEW", first_quarter=Q2.next)
        assert desk.send({Q2: {"value": "70"}}, other).status_code == 404
        assert desk.send({Q2: {"value": "70"}}, other, script=False).status_code == 404
        assert not Observation.objects.exists()


class TestConflict:
    def test_both_figures_side_by_side_and_saving_again_is_a_choice(self, desk):
        series = desk.monthly()
        desk.hold(Entry(Decimal(1800), note="Theirs."), series=series, period=JULY)
        response = desk.send({JULY: {"value": "1700"}, AUGUST: {"value": "5"}}, series)
        assert (response.status_code, response.json()["message"]) == (409, MOVED_SHORT)
        page = desk.answer(response)
        assert page.one("p", class_="problem").text == MOVED
        moved = page.one("div", class_="moved")
        assert moved.one("p", class_="buttons").text == "Keep mine , July 2018 Take theirs , July 2018"
        assert moved.all("p")[0].text == (
            "July 2018. Held now: 1,800, note “Theirs.”, saved by Analyst of childrens-services at 14:32. "
            "You typed: 1,700."
        )
        assert {"data-moved": "2018-07", "data-now": "1"}.items() <= moved.attrs.items()
        assert {each.attrs["data-their"]: each.attrs["value"] for each in moved.all("data")} == {
            "value": "1800",
            "note": "Theirs.",
        }
        assert [text_in(page, series, month, "value") for month in (JULY, AUGUST)] == ["1700", "5"]
        assert [version(page, series, month) for month in (JULY, AUGUST)] == ["1", "0"]
        assert values(series) == [("2018-07", 1800, "final"), ("2018-Q2", 1800, "provisional")]
        again = desk.send({JULY: {"value": "1700", "version": 1}, AUGUST: {"value": "5"}}, series)
        assert again.status_code == 200
        assert values(series)[:2] == [("2018-07", 1700, "final"), ("2018-08", 5, "final")]

    def test_without_script_the_page_says_so(self, desk):
        desk.hold(Entry(Decimal(70)))
        page = parse(desk.send({Q2: {"value": "71", "version": 0}}, script=False).text)
        assert page.one("p", class_="problem").text == MOVED
        assert (text_in(page, desk.series, Q2, "value"), version(page, desk.series, Q2)) == ("71", "1")

    @pytest.mark.parametrize("sent", ["", "x", "-1", "99999999999999999999"])
    def test_a_version_that_is_none(self, desk, sent):
        desk.hold(Entry(Decimal(70)))
        assert desk.send({Q2: {"value": "71", "version": sent}}).status_code == 409
        assert held(desk.series).value == 70

    def test_a_version_of_before_stays_with_a_text_that_is_refused(self, desk):
        desk.hold(Entry(Decimal(70)))
        page = desk.answer(desk.send({Q2: {"value": "many", "version": 0}}))
        assert version(page, desk.series, Q2) == "0"


class TestChecking:
    def test_says_what_the_row_would_give_and_writes_nothing(self, desk):
        series = desk.monthly()
        desk.hold(Entry(Decimal(1800)), series=series, period=JULY)
        response = desk.send({AUGUST: {"value": "1900"}, SEPTEMBER: {"value": "many"}}, series, check="1")
        assert response.status_code == 200
        page = desk.answer(response)
        assert part(page, f"quarter-{series.pk}") == "1,850 [p] mean of months, 2 of 3"
        # What is only typed is not held.
        told = "1 of 4 values held; B8 Q2 2018/19 and E1 August and September missing. Due 31 October 2018."
        assert (part(page, "complete"), part(page, f"held-{series.pk}")) == (told, "1 of 3 held")
        assert message(page, series, SEPTEMBER, "value") == ""
        assert values(series) == [("2018-07", 1800, "final"), ("2018-Q2", 1800, "provisional")]

    def test_asks_for_no_reason(self, desk):
        factories.in_state(desk.cycle, State.PAST)
        factories.make_observation(desk.series, Q2, 70, desk.people[Who.ANALYST].user)
        response = desk.send({Q2: {"value": "71", "version": 1}}, check="1")
        assert (response.status_code, held(desk.series).value) == (200, 70)

    def test_a_value_beside_counts_that_say_otherwise(self, desk):
        page = desk.answer(desk.send({Q2: {"numerator": "147", "denominator": "210", "value": "71"}}, check="1"))
        assert cautions(page, desk.series) == ["Q2 2018/19: 71% was typed, 147 of 210 is 70%. That is kept."]

    def test_rows_beside_it_are_told_of_as_well(self, desk):
        part_of = factories.make_series(desk.measure, role="subgroup", code="CIC")
        desk.hold(Entry(Decimal(70)))
        page = desk.answer(desk.send({Q2: {"value": "60"}}, part_of, check="1"))
        assert cautions(page, desk.series) == ["Q2 2018/19: B8 is 70%, outside its subgroups’ 60%."]
        assert not Observation.objects.filter(series=part_of).exists()


class TestAFormWithoutScript:
    """It sends the whole row, whatever was touched."""

    def post(self, desk, series, page, **typed):
        """The row as a browser sends it, with some boxes typed over."""
        form = f"form-{series.pk}"
        fields = {node.attrs["name"]: node.attrs["value"] for node in page.all("input", form=form)}
        fields |= {node.attrs["name"]: node.text for node in page.all("textarea", form=form)}
        return desk.client().post(desk.row_address(series), fields | typed)

    def test_a_box_that_nobody_touched_says_nothing(self, desk):
        series = desk.monthly()
        desk.hold(Entry(Decimal(200)), series=series, period=AUGUST)
        page = desk.page()
        desk.hold(Entry(Decimal(250), note="Counted again."), series=series, period=AUGUST, version=1)
        assert self.post(desk, series, page, **{f"{JULY.code}-value": "180"}).status_code == 302
        assert (held(series, JULY).value, held(series, AUGUST).value) == (180, 250)
        assert held(series, AUGUST).note == "Counted again."

    def test_a_conflict_is_about_what_was_typed_alone_and_saving_again_keeps_the_rest(self, desk):
        series = desk.monthly()
        desk.hold(Entry(Decimal(100)), series=series, period=JULY)
        desk.hold(Entry(Decimal(200)), series=series, period=AUGUST)
        page = desk.page()
        desk.hold(Entry(Decimal(110)), series=series, period=JULY, version=1)
        desk.hold(Entry(Decimal(250)), series=series, period=AUGUST, version=1)
        refused = self.post(desk, series, page, **{f"{JULY.code}-value": "180"})
        again = parse(refused.text)
        assert refused.status_code == 409
        assert (text_in(again, series, JULY, "value"), text_in(again, series, AUGUST, "value")) == ("180", "250")
        assert self.post(desk, series, again).status_code == 302
        assert (held(series, JULY).value, held(series, AUGUST).value) == (180, 250)

    def test_a_box_that_was_emptied_is_not_one_that_nobody_touched(self, desk):
        desk.hold(Entry(Decimal(70)))
        refused = self.post(desk, desk.series, desk.page(), **{f"{Q2.code}-value": ""})
        assert (refused.status_code, held(desk.series).value) == (422, 70)


class TestReasons:
    def test_a_past_value_is_corrected_with_a_reason(self, desk):
        factories.in_state(desk.cycle, State.PAST)
        factories.make_observation(desk.series, Q2, 70, desk.people[Who.ANALYST].user)
        page = desk.page()
        assert page.one("h1").text.startswith("Correct values for Q2 2018/19")
        assert page.one("textarea", name="reason")
        refused = desk.send({Q2: {"value": "71", "version": 1}})
        assert refused.status_code == 422
        told = desk.answer(refused)
        assert part(told, f"reason-{desk.series.pk}-error").startswith("Error: Say why the value changes")
        assert "open" in told.one("tr", id=f"notes-{desk.series.pk}").attrs["class"]
        assert desk.send({Q2: {"value": "71", "version": 1}}, reason="A month was counted twice.").status_code == 200
        row = held(desk.series)
        assert (row.value, row.revision, row.reason) == (71, 2, "A month was counted twice.")
        assert AuditEntry.objects.order_by("-number").first().act == "correct value"

    def test_the_mark_of_a_corrected_value_leads_to_its_history(self, desk):
        factories.in_state(desk.cycle, State.PAST)
        factories.make_observation(desk.series, Q2, 70, desk.people[Who.ANALYST].user)
        page = desk.answer(desk.send({Q2: {"value": "71", "version": 1}}, reason="Counted twice."))
        told = page.one("span", id=f"below-{desk.series.pk}-{Q2.code}").one("span", class_="told")
        address = f"/c/childrens-services/2018-Q2/history/{desk.series.pk}/2018-Q2/"
        assert told.one("a", class_="revised").attrs["href"] == address

    def test_somebody_else_s_save_is_told_before_a_reason_is_asked(self, desk):
        factories.in_state(desk.cycle, State.PAST)
        factories.make_observation(desk.series, Q2, 70, desk.people[Who.ANALYST].user)
        assert desk.send({Q2: {"value": "71"}}).status_code == 409

    def test_a_first_past_value_needs_none(self, desk):
        factories.in_state(desk.cycle, State.PAST)
        assert desk.page().all("textarea", name="reason") == []
        assert desk.send({Q2: {"value": "71"}}).status_code == 200

    def test_a_quarter_sent_back(self, desk):
        desk.cycle.submitted_once = True
        desk.cycle.save()
        assert desk.send({Q2: {"value": "71"}}).status_code == 422
        assert desk.send({Q2: {"value": "many"}}).json()["message"] == "2 things to mend"
        assert desk.send({Q2: {"value": "71"}}, reason="x" * 501).status_code == 422
        assert desk.send({Q2: {"value": "71"}}, reason="It was late.").status_code == 200

    def test_without_script_the_reason_is_kept(self, desk):
        desk.cycle.submitted_once = True
        desk.cycle.save()
        page = parse(desk.send({Q2: {"value": "many"}}, reason="It was late.", script=False).text)
        assert page.one("textarea", name="reason").text == "It was late."


class TestWhoMay:
    def test_a_director_reads_and_types_nothing(self, desk):
        desk.hold(Entry(numerator=Decimal(147), denominator=Decimal(210), status=Status.PROVISIONAL))
        desk.hold(Entry(Decimal(5), note="An <estimate>."), series=desk.monthly(), period=JULY)
        page = desk.page(who=Who.PROVIDER_DIRECTOR)
        assert page.one("dl", class_="noted").text == "Note, July 2018 An <estimate>."
        table = page.one("table", class_="reading")
        assert (table.all("input"), table.all("form"), table.all("textarea"), page.all("kbd")) == ([], [], [], [])
        assert part(page, f"below-{desk.series.pk}-{Q2.code}") == "70% [p] 147 of 210"
        sentence = "Only an analyst of DCST may enter values."
        assert page.one("div", class_="notice").text == sentence
        assert page.one("main").all("a", class_="button") == []
        response = desk.send({Q2: {"value": "5"}}, client=desk.client(Who.PROVIDER_DIRECTOR))
        assert (response.status_code, response.json()) == (
            403,
            {"message": "Only an analyst of DCST may enter values."},
        )
        assert held(desk.series).value == 70

    @pytest.mark.parametrize("state", [State.SUBMITTED, State.COMMENTARY, State.AGREED])
    def test_nobody_types_once_submitted(self, desk, state):
        factories.in_state(desk.cycle, state)
        page = desk.page()
        assert page.all("textarea") == page.all("form", action=desk.row_address()) == []
        sentence = f"You can enter values while a quarter is open. Q2 2018/19 is {state.during}."
        assert page.one("div", class_="notice").text == sentence
        assert desk.send({Q2: {"value": "70"}}).json() == {"message": sentence}
        response = desk.send({Q2: {"value": "70", "note": "A note."}}, script=False)
        page = parse(response.text)
        assert response.status_code == 409
        assert page.one("div", role="alert").text == f"Q2 2018/19 was not saved {sentence}"
        assert [[cell.text for cell in row.children if hasattr(cell, "tag")] for row in page.all("tr")[1:]] == [
            ["Value, Q2 2018/19", "70"],
            ["Note, Q2 2018/19", "A note."],
        ]
        assert not Observation.objects.exists()

    @pytest.mark.parametrize("who", [Who.OFFICER, Who.COMMISSIONER_DIRECTOR, Who.ADMINISTRATOR])
    def test_others_may_not(self, desk, who):
        client = desk.client(who)
        assert desk.send({Q2: {"value": "70"}}, client=client).status_code == 403
        assert desk.send({Q2: {"value": "70"}}, client=client, script=False).status_code == 403
        assert client.get(LIST).status_code == 403
        assert client.get(desk.row_address()).status_code == 405

    def test_somebody_signed_out(self, desk, client):
        response = client.post(desk.row_address(), {}, headers={"Accept": "application/json"})
        assert response.status_code == 401

    def test_submit_stands_there_for_who_may(self, desk):
        assert (
            desk.page().one("main").one("a", class_="button").attrs["href"] == "/c/childrens-services/2018-Q2/submit/"
        )
        factories.in_state(desk.cycle, State.PAST)
        assert desk.page().one("main").all("a", class_="button") == []


class TestMarkup:
    def test_every_box_says_what_it_is_for(self, desk):
        series = desk.monthly(unit="percent", derivation="pooled_ratio")
        page = desk.page()
        assert box(page, series, AUGUST, "numerator").attrs["aria-label"] == "E1 Contacts, numerator, August 2018"
        assert box(page, series, AUGUST, "denominator").attrs["form"] == f"form-{series.pk}"
        assert page.one("form", id=f"form-{series.pk}").attrs["action"] == desk.row_address(series)
        boxes = ["2018-Q2-numerator", "2018-Q2-denominator", "2018-Q2-value"]
        names = [node.attrs["name"] for node in page.all("input", form=f"form-{desk.series.pk}")]
        seen = [f"{name}-seen" for name in boxes]
        assert names == [*boxes, *seen, "2018-Q2-version", "2018-Q2-note-seen"]
        ids = [node.attrs["id"] for node in page.walk() if "id" in node.attrs]
        assert len(ids) == len(set(ids))

    def test_the_import_map_carries_the_nonce(self, desk):
        script = desk.page().one("script", type="importmap")
        assert script.attrs["nonce"]
        assert "perfmon/grid-row" in script.text

    def test_times_are_local(self, desk):
        assert NOW.hour == 14
        desk.hold(Entry(Decimal(70)))
        page = desk.answer(desk.send({Q2: {"value": "71"}}))
        assert "at 14:32." in page.one("div", class_="moved").text
