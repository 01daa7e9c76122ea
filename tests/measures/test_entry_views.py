"""The entry pages through the client: who may, what is shown, bad input, stale saves, queries."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client

from accounts.roles import Who
from measures.entries import Entry
from measures.models import Cycle, Observation
from measures.states import State
from tests import factories
from tests.factories import Q2
from tests.markup import parse
from tests.measures.entry_desk import LIST, NBSP, Desk, field_message


class TestBadInput:
    TOO_LONG = "9" * 10_240
    NUMBER = "Enter a number in digits, such as 1,898."

    CASES = [
        ({"value": "seventy"}, {"value": NUMBER}),
        ({"value": "1_000"}, {"value": NUMBER}),
        ({"value": "1e5"}, {"value": "Write the number in full, without an exponent."}),
        ({"value": "NaN"}, {"value": NUMBER}),
        ({"value": "Infinity"}, {"value": NUMBER}),
        ({"value": "10^15"}, {"value": NUMBER}),
        ({"value": "1000000000000000"}, {"value": "Enter 100 or less."}),
        ({"value": "100.1"}, {"value": "Enter 100 or less."}),
        ({"value": "101%"}, {"value": "Enter 100 or less."}),
        ({"value": "-1"}, {"value": "Enter 0 or more: this cannot be negative."}),
        ({"value": "\N{FULLWIDTH DIGIT SEVEN}0"}, {"value": "Use the digits 0 to 9."}),
        ({"value": "<script>alert(1)</script>"}, {"value": NUMBER}),
        ({"value": TOO_LONG}, {"value": "Enter a number: this is 10,240 characters long."}),
        ({"value": "70.1234567"}, {"value": "Enter at most 6 decimal places."}),
        (
            {},
            {"value": "Enter a value, or numerator and denominator, or choose a status that says why there is none."},
        ),
        ({"numerator": "-3", "denominator": "10"}, {"numerator": "Enter 0 or more: this cannot be negative."}),
        ({"numerator": "3", "denominator": "-10"}, {"denominator": "Enter 0 or more: this cannot be negative."}),
        (
            {"numerator": "211", "denominator": "210"},
            {"numerator": "Enter 210 or less: the numerator is part of the denominator."},
        ),
        ({"numerator": "0", "denominator": "0"}, {"denominator": "Enter more than 0: nothing can be divided by 0."}),
        ({"numerator": "147"}, {"denominator": "Enter the denominator as well, or leave both empty."}),
        ({"numerator": "14.5", "denominator": "19"}, {"numerator": "Enter a whole number."}),
        ({"numerator": "70%", "denominator": "210"}, {"numerator": "Take out the % sign: this is not a percentage."}),
        (
            {"numerator": "1,89", "denominator": "2 100"},
            {
                "numerator": "Put commas only between thousands, as in 1,898, and a full stop before decimals.",
                "denominator": "Take out the space inside the number.",
            },
        ),
        (
            {"numerator": "1000000000000000", "denominator": "1000000000000000"},
            {"numerator": "Enter 999,999,999 or less.", "denominator": "Enter 999,999,999 or less."},
        ),
        (
            {"value": "70", "status": "not_available"},
            {"value": "Leave this empty: the status says “not available [x]”."},
        ),
        ({"value": "70", "status": "excellent"}, {"status": "Choose a status from the list."}),
        ({"value": "70", "note": "<b>" + "x" * 498}, {"note": "Use 500 characters or fewer; this has 501."}),
    ]

    @pytest.mark.parametrize(("typed", "messages"), CASES)
    def test_a_message_at_the_field_the_text_kept_and_nothing_stored(self, desk, typed, messages):
        response = desk.post(**typed)
        page = parse(response.text)
        assert response.status_code == 422
        assert {name: field_message(page, "2018-Q2", name) for name in messages} == messages
        assert len(page.all("p", class_="error-message")) == len(messages)
        for name in ("value", "numerator", "denominator"):
            assert page.one("input", name=name).attrs.get("value", "") == typed.get(name, "")
        assert page.one("textarea", name="note").text == typed.get("note", "")
        assert not Observation.objects.exists()

    def test_the_summary_has_the_focus_and_leads_to_the_fields(self, desk):
        page = parse(desk.post(numerator="x", denominator="0").text)
        summary = page.one("div", class_="error-summary")
        assert {"tabindex": "-1", "autofocus": ""}.items() <= summary.attrs.items()
        assert summary.one("h2").text == "Q2 2018/19 was not saved"
        assert [link.attrs["href"] for link in summary.all("a")] == ["#id_2018-Q2_numerator"]
        assert page.one("title").text == "Error: B8 Proceedings on track, Q2 2018/19 · perfmon"

    @pytest.mark.parametrize(
        ("typed", "message"),
        [
            ("1898.5", "Enter a whole number."),
            ("70%", "Take out the % sign: this is not a percentage."),
            ("-1", "Enter 0 or more: this cannot be negative."),
            ("1000000000000000", "Enter 999,999,999 or less."),
            ("", "Enter a value, or choose a status that says why there is none."),
        ],
    )
    def test_a_count(self, desk, typed, message):
        response = desk.post(desk.monthly(), period="2018-08", value=typed)
        assert response.status_code == 422
        page = parse(response.text)
        assert field_message(page, "2018-08", "value") == message
        kept = {node.attrs["id"]: node.attrs.get("value", "") for node in page.all("input", name="value")}
        assert kept == {"id_2018-07_value": "", "id_2018-08_value": typed, "id_2018-09_value": ""}
        assert not Observation.objects.exists()

    def test_counts_sent_to_a_series_without_them_are_not_read(self, desk):
        assert desk.post(desk.monthly(), period="2018-08", value="5", numerator="x").status_code == 302

    def test_a_null_character_is_refused_before_any_form(self, desk):
        assert desk.post(value="7\x000").status_code == 400
        assert desk.post(value="70", note="a\x00b").status_code == 400
        assert not Observation.objects.exists()

    @pytest.mark.parametrize("version", ["", "x", "-1", "99999999999999999999"])
    def test_a_version_that_is_none(self, desk, version):
        assert desk.post(value="70", version=version).status_code == 422
        assert not Observation.objects.exists()

    @pytest.mark.parametrize("period", ["", "2018-Q1", "2018-07", "../x", "2018-Q9"])
    def test_a_period_that_is_not_typed_here(self, desk, period):
        assert desk.post(value="70", period=period).status_code == 404
        assert not Observation.objects.exists()


@pytest.mark.parametrize(
    ("typed", "held"),
    [
        ({"value": "70%"}, ("70", None, None)),
        ({"value": f"{NBSP}70.5 {NBSP}"}, ("70.5", None, None)),
        ({"numerator": "1,470", "denominator": " 2,100"}, ("70", "1470", "2100")),
        ({"numerator": "0", "denominator": "19", "value": ""}, ("0", "0", "19")),
    ],
)
def test_figures_as_people_write_them(desk, typed, held):
    assert desk.post(**typed).status_code == 302
    row = Observation.objects.get()
    assert (row.value, row.numerator, row.denominator) == tuple(each and Decimal(each) for each in held)


class TestSaving:
    def test_the_next_month_follows_and_says_what_was_saved(self, desk):
        series, client = desk.monthly(unit="percent", derivation="pooled_ratio"), desk.client()
        response = desk.post(series, client, period="2018-07", numerator="147", denominator="210")
        assert (response.status_code, response["Location"]) == (302, f"{desk.address(series)}#2018-08")
        page = parse(client.get(desk.address(series)).text)
        august = page.one("section", id="2018-08")
        assert august.attrs["tabindex"] == "-1"
        assert august.one("div", class_="notice").text == (
            "July 2018 saved: 70% (147 of 210). "
            "Q2 2018/19: 70% [p] (147 of 210) (derived: months pooled, 1 of 3 months)."
        )
        assert page.one("div", id="messages").text == ""

    def test_after_the_last_month_the_top(self, desk):
        series, client = desk.monthly(derivation="snapshot_end"), desk.client()
        response = desk.post(series, client, period="2018-09", value="1,898")
        assert response["Location"] == desk.address(series)
        page = parse(client.get(desk.address(series)).text)
        assert page.one("div", id="messages").text == (
            "September 2018 saved: 1,898. Q2 2018/19: 1,898 (derived: last month)."
        )

    def test_a_quarter_typed_as_it_stands(self, desk):
        client = desk.client()
        desk.post(None, client, value="70", status="provisional")
        assert parse(client.get(desk.address()).text).one("div", id="messages").text == "Q2 2018/19 saved: 70% [p]."

    def test_a_month_from_which_nothing_follows_yet(self, desk):
        series, client = desk.monthly(derivation="snapshot_end"), desk.client()
        desk.post(series, client, period="2018-07", status="not_available")
        notice = parse(client.get(desk.address(series)).text).one("section", id="2018-08").one("div", class_="notice")
        assert notice.text == ("July 2018 saved: Not available [x]. Q2 2018/19: No value yet (derived: last month).")

    @pytest.mark.parametrize(("typed", "notices"), [("70", 1), ("70.0", 1), ("75", 2)])
    def test_a_typed_value_that_the_counts_contradict_is_pointed_out(self, desk, typed, notices):
        client = desk.client()
        desk.post(None, client, numerator="147", denominator="210", value=typed)
        found = parse(client.get(desk.address()).text).one("div", id="messages").all("div", class_="notice")
        assert len(found) == notices
        if notices == 2:
            assert found[1].text == "You typed 75, but 147 of 210 is 70%. What the counts give is held."
        assert Observation.objects.get().value == 70

    def test_markup_in_a_note_is_text(self, desk):
        note = '<script>alert(1)</script> & "quoted"'
        client = desk.client()
        desk.post(None, client, value="70", note=note)
        assert Observation.objects.get().note == note
        response = client.get(desk.address())
        assert parse(response.text).one("textarea", name="note").text == note
        assert "<script>alert" not in response.text

    def test_the_second_save_carries_the_version(self, desk):
        client = desk.client()
        desk.post(None, client, value="70")
        page = parse(client.get(desk.address()).text)
        assert page.one("input", name="version").attrs["value"] == "1"
        assert page.one("input", name="value").attrs["value"] == "70"
        assert desk.post(None, client, value="71", version="1").status_code == 302
        assert Observation.objects.get().value == 71

    def test_a_reason_is_asked_for_only_after_the_first_submit(self, desk):
        assert desk.page(desk.address()).all("textarea", name="reason") == []
        desk.cycle.submitted_once = True
        desk.cycle.save()
        response = desk.post(value="70")
        assert response.status_code == 422
        message = field_message(parse(response.text), "2018-Q2", "reason")
        assert message == "Say why the value changes: it was submitted before."
        assert desk.post(value="70", reason="It was missing.").status_code == 302
        assert Observation.objects.get().reason == "It was missing."


class SubmittedMeanwhile:
    """Another pair of people submit and send back between the form's check and the write's lock."""

    def __call__(self, execute, sql, params, many, context):
        if 'WHERE "measures_cycle"."id" =' in sql and sql.startswith("SELECT"):
            Cycle.objects.update(submitted_once=True)
        return execute(sql, params, many, context)


def test_what_the_write_refuses_is_told_though_the_form_has_no_such_field(desk):
    with connection.execute_wrapper(SubmittedMeanwhile()):
        response = desk.post(value="70")
    page = parse(response.text)
    assert response.status_code == 422
    assert page.one("div", class_="error-summary").one("li").text == (
        "Say why the value changes: it was submitted before."
    )
    assert page.one("input", name="value").attrs["value"] == "70"
    assert not Observation.objects.exists()


class TestStale:
    @pytest.fixture
    def response(self, desk):
        desk.hold(Entry(numerator=Decimal(147), denominator=Decimal(210), note="theirs"))
        return desk.post(numerator="150", denominator="210", note="mine <b>")

    def test_both_are_shown_and_what_was_typed_is_kept(self, response):
        page = parse(response.text)
        assert response.status_code == 409
        assert page.one("input", name="numerator").attrs["value"] == "150"
        assert page.one("textarea", name="note").text == "mine <b>"
        assert page.one("p", class_="held").text == (
            "70% (147 of 210) saved by Analyst of childrens-services, 2 November 2018, 14:32"
        )
        rows = page.one("div", class_="compare").one("tbody").all("tr")
        assert [[cell.text for cell in row.walk()] for row in rows] == [
            ["Numerator", "147", "150"],
            ["Note", "theirs", "mine <b>"],
        ]
        summary = page.one("div", class_="error-summary")
        assert {"tabindex": "-1", "autofocus": ""}.items() <= summary.attrs.items()
        assert summary.one("div", role="alert").text == (
            "Q2 2018/19 was not saved "
            "Somebody else saved this value after you opened it. Compare the two and save again."
        )
        row = Observation.objects.get()
        assert (row.value, row.version, row.note) == (70, 1, "theirs")

    def test_saving_again_is_a_deliberate_act(self, desk, response):
        version = parse(response.text).one("input", name="version").attrs["value"]
        assert version == "1"
        assert desk.post(numerator="150", denominator="210", version=version).status_code == 302
        assert Observation.objects.get().numerator == 150

    def test_the_same_typed_twice(self, desk):
        desk.hold(Entry(Decimal(70)))
        page = parse(desk.post(value="70").text)
        assert page.one("div", class_="compare").text.endswith(" What you typed is what is held.")

    def test_a_version_of_nothing(self, desk):
        response = desk.post(value="70", version="4")
        page = parse(response.text)
        assert response.status_code == 409
        assert page.one("p", class_="held").text == "Missing"
        assert page.one("input", name="version").attrs["value"] == "0"

    def test_the_other_months_stay_as_they_are(self, desk):
        series = desk.monthly()
        desk.hold(Entry(Decimal(5)), series=series, period=Q2.months[0])
        page = parse(desk.post(series, period="2018-07", value="6").text)
        assert len(page.all("div", class_="compare")) == 1
        assert [node.attrs.get("value") for node in page.all("input", name="value")] == ["6", None, None]


class LeavesOpen:
    """Another person submits between the page's check and the write's lock."""

    def __call__(self, execute, sql, params, many, context):
        if 'WHERE "measures_cycle"."id" =' in sql and sql.startswith("SELECT"):
            Cycle.objects.update(state=State.SUBMITTED)
        return execute(sql, params, many, context)


class TestTooLate:
    """The quarter moved on while somebody typed: the text is not lost with it."""

    TYPED = {"numerator": "147", "denominator": "x <b>", "note": "First\n<i>second</i>", "status": "provisional"}

    def rows(self, page):
        return [[cell.text for cell in row.walk() if cell.tag in ("th", "td")] for row in page.one("tbody").all("tr")]

    @pytest.mark.parametrize(
        ("state", "during"),
        [(State.SUBMITTED, "submitted"), (State.COMMENTARY, "in commentary"), (State.AGREED, "agreed")],
    )
    def test_the_sentence_and_what_was_typed(self, desk, state, during):
        sentence = f"You can enter values while a quarter is open. Q2 2018/19 is {during}."
        factories.in_state(desk.cycle, state)
        response = desk.post(**self.TYPED)
        page = parse(response.text)
        assert response.status_code == 409
        assert page.one("div", role="alert").text == f"Q2 2018/19 was not saved {sentence}"
        assert {"tabindex": "-1", "autofocus": ""}.items() <= page.one("div", class_="error-summary").attrs.items()
        assert self.rows(page) == [
            ["Numerator", "147"],
            ["Denominator", "x <b>"],
            ["Status", "Provisional [p]"],
            ["Note", "First <i>second</i>"],
        ]
        assert page.one("main").all("form") == []
        assert not Observation.objects.exists()

    def test_between_the_check_and_the_lock(self, desk):
        with connection.execute_wrapper(LeavesOpen()):
            response = desk.post(value="70", reason="Late")
        page = parse(response.text)
        assert response.status_code == 409
        assert self.rows(page) == [["Value", "70"], ["Status", "Final"], ["Reason for the change", "Late"]]
        assert not Observation.objects.exists()

    def test_a_period_or_series_that_is_not_there(self, desk):
        factories.in_state(desk.cycle, State.SUBMITTED)
        assert desk.post(value="70", period="2018-07").status_code == 404
        assert desk.client().post(f"{LIST}999/", {"period": "2018-Q2"}).status_code == 404


class TestCorrecting:
    """A value of a past or published quarter: said on the page, with a reason where something is held."""

    @pytest.fixture(params=[State.PAST, State.PUBLISHED])
    def state(self, desk, request):
        desk.hold(Entry(Decimal(70)))
        factories.in_state(desk.cycle, request.param)
        return request.param

    def test_the_page_says_so(self, desk, state):
        page = desk.page(desk.address())
        assert page.one("title").text == "Correct B8 Proceedings on track, Q2 2018/19 · perfmon"
        assert page.one("h1").text == "Correct values of Q2 2018/19 Proceedings on track"
        assert page.one("main").one("div", class_="notice").text == (
            "Both parties read these values. A value that changes needs a reason; the old one stays on record and the "
            "new one is marked [r]."
        )

    def test_a_correction_is_saved_with_its_reason(self, desk, state):
        client = desk.client()
        response = desk.post(None, client, value="71", version="1", reason="Two cases were late.")
        assert (response.status_code, response["Location"]) == (302, desk.address())
        old, new = Observation.objects.order_by("revision")
        assert (old.value, old.is_current, new.value, new.reason) == (70, False, 71, "Two cases were late.")
        page = parse(client.get(desk.address()).text)
        assert page.one("div", id="messages").text == "Q2 2018/19 saved: 71% [r]."

    def test_a_reason_is_asked_at_its_field(self, desk, state):
        response = desk.post(value="71", version="1", reason=" ")
        message = {
            State.PAST: "Say why the value changes: both parties can read the old one.",
            State.PUBLISHED: "Say why the value changes: the quarter is published.",
        }[state]
        assert response.status_code == 422
        assert field_message(parse(response.text), "2018-Q2", "reason") == message
        assert Observation.objects.get().value == 70

    def test_a_first_value_of_a_past_quarter_needs_none(self, desk):
        factories.in_state(desk.cycle, State.PAST)
        series = desk.monthly()
        assert desk.page(desk.address(series)).all("textarea", name="reason") == []
        assert desk.post(series, period="2018-08", value="5").status_code == 302
        page = desk.page(desk.address(series))
        assert [node.attrs["id"] for node in page.all("textarea", name="reason")] == ["id_2018-08_reason"]

    def test_what_somebody_else_brought_in_meanwhile_is_shown_before_any_reason_is_asked(self, desk, state):
        response = desk.post(value="71", version="0", reason="Mine.")
        page = parse(response.text)
        assert response.status_code == 409
        assert page.one("textarea", name="reason").text == "Mine."
        assert desk.post(value="71", version="0").status_code == 409
        assert Observation.objects.get().value == 70

    def test_nothing_changes_in_between(self, desk):
        """While the other party reads and answers."""
        desk.hold(Entry(Decimal(70)))
        factories.in_state(desk.cycle, State.COMMENTARY)
        assert desk.post(value="71", version="1", reason="Late.").status_code == 409
        assert Observation.objects.get().value == 70


class TestPooled:
    """A series whose quarter is pooled from counts is typed in counts."""

    @pytest.fixture
    def series(self, desk):
        return desk.monthly(unit="percent", polarity="higher", derivation="pooled_ratio")

    def test_the_value_alone_is_not_offered(self, desk, series):
        page = desk.page(desk.address(series))
        assert page.all("input", name="value") == []
        assert len(page.all("input", name="numerator")) == 3

    @pytest.mark.parametrize("is_derived_already", [False, True])
    def test_a_value_alone_is_no_conflict_but_a_message(self, desk, series, is_derived_already):
        july = Q2.months[0]
        if is_derived_already:
            desk.hold(Entry(numerator=Decimal(1), denominator=Decimal(2)), series=series, period=july)
        response = desk.post(series, period="2018-07", value="27", version=int(is_derived_already))
        assert response.status_code == 422
        assert field_message(parse(response.text), "2018-07", "numerator") == (
            "Enter numerator and denominator: the quarter is pooled from them."
        )
        assert not Observation.objects.filter(value=27).exists()

    def test_a_reason_for_no_value_is_taken(self, desk, series):
        assert desk.post(series, period="2018-07", status="not_available").status_code == 302
        assert set(Observation.objects.values_list("period_kind", "status")) == {
            ("month", "not_available"),
            ("quarter", "not_available"),
        }


class TestRights:
    @pytest.mark.parametrize(
        ("who", "state", "list_status", "series_status"),
        [
            (Who.ANALYST, State.OPEN, 200, 200),
            (Who.ANALYST, State.SUBMITTED, 200, 409),
            (Who.ANALYST, State.AGREED, 200, 409),
            (Who.ANALYST, State.PUBLISHED, 200, 200),
            (Who.ANALYST, State.PAST, 200, 200),
            (Who.PROVIDER_DIRECTOR, State.OPEN, 200, 403),
            (Who.PROVIDER_DIRECTOR, State.PAST, 200, 403),
            (Who.PROVIDER_DIRECTOR, State.COMMENTARY, 200, 403),
            (Who.OFFICER, State.OPEN, 403, 403),
            (Who.OFFICER, State.COMMENTARY, 403, 403),
            (Who.COMMISSIONER_DIRECTOR, State.OPEN, 403, 403),
            (Who.OFFICER, State.PAST, 403, 403),
            (Who.ADMINISTRATOR, State.OPEN, 403, 403),
            (Who.ADMINISTRATOR, State.PAST, 403, 403),
        ],
    )
    def test_who_gets_what(self, desk, who, state, list_status, series_status):
        factories.in_state(desk.cycle, state)
        client = desk.client(who)
        assert client.get(LIST).status_code == list_status
        assert client.get(desk.address()).status_code == series_status
        if series_status != 200:
            assert desk.post(None, client, value="70").status_code == series_status
            assert not Observation.objects.exists()

    def test_strangers_and_other_contracts_see_nothing(self, desk):
        other = Desk("leisure", commissioner="Borough", provider="Leisure Trust")
        client = other.client()
        assert client.get(LIST).status_code == 404
        assert client.get(desk.address()).status_code == 404
        assert client.get(f"/c/leisure/2018-Q2/entry/{desk.series.pk}/").status_code == 404
        assert client.post(f"/c/leisure/2018-Q2/entry/{desk.series.pk}/", {"period": "2018-Q2"}).status_code == 404
        assert client.get("/c/leisure/2018-Q3/entry/").status_code == 404

    def test_signed_out(self, db):
        assert Client().get(LIST).status_code == 302

    def test_the_grid_itself_is_for_reading(self, desk):
        assert desk.client().post(LIST).status_code == 405
