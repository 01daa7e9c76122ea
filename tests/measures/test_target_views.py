"""The pages of a measure's targets: preview, proposal, answers, conflicts, what each person is offered and may see."""

from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.roles import Who
from measures import target_views
from measures.models import Series, Target
from measures.states import State
from tests import factories
from tests.factories import Q2
from tests.markup import parse
from tests.measures.target_desk import D, Desk

PAGE = "/c/childrens-services/measures/b8/targets/"
MEMBERS = [who for who in Who if who is not Who.ADMINISTRATOR]
TYPED = {"from_quarter": "2018-Q2", "target": "75%", "tolerance": "70", "reason": "The contract was varied."}
EARLIER = [("Q1 2018/19", "92%"), ("Q4 2017/18", "86%"), ("Q3 2017/18", "80%"), ("Q2 2017/18", "78%")]


class Room(Desk):
    def page(self, who=Who.OFFICER, path=PAGE, status=200):
        response = self.client(who).get(path)
        assert response.status_code == status
        return parse(response.text)

    def post(self, who=Who.OFFICER, path=PAGE, **typed):
        return self.client(who).post(path, typed)

    def sent(self):
        """What the form of the answer carries."""
        return carried(self.page(Who.PROVIDER_DIRECTOR))


@pytest.fixture
def room(db):
    return Room()


def told(response):
    """The page after a redirect, or as it came."""
    page = response.client.get(response["Location"]) if response.status_code == 302 else response
    return words(parse(page.text))


def words(page):
    return page.one("main").text


def effects(page):
    """Quarter, value, as rated, the other rating, what becomes of it."""
    rows = [row.all("th") + row.all("td") for row in page.one("table", class_="target-effects").one("tbody").all("tr")]
    return [tuple(row[index].text for index in (0, 1, 4, 5, 6)) for row in rows]


def buttons(page):
    return {each.text for each in page.one("main").all("button")}


def links(page):
    return {each.text for each in page.one("main").all("a")}


def carried(page):
    """What the one form of the page sends besides what is typed."""
    return {each.attrs["name"]: each.attrs["value"] for each in page.one("main").all("input", type="hidden")}


class TestThePage:
    @pytest.mark.parametrize("who", Who)
    def test_everybody_of_the_contract_reads_it(self, room, who):
        page = room.page(who)
        assert words(page).count("target 90%, tolerance 85%") == 1
        assert "Came with set-up: Administrator of childrens-services, 2 November 2018" in words(page)

    def test_what_is_in_force_today(self, room, settings):
        settings.TODAY = Q2.next.start
        assert "In Q3 2018/19 the target is 90%, the tolerance 85%, in force since Q1 2015/16." in words(room.page())

    @pytest.mark.parametrize("who", [Who.OFFICER, Who.COMMISSIONER_DIRECTOR, Who.PROVIDER_DIRECTOR])
    def test_who_may_propose_finds_the_form(self, room, who):
        other = "DMBC" if who is Who.PROVIDER_DIRECTOR else "DCST"
        assert buttons(room.page(who)) == {"Show what it changes", f"Propose to {other}"}

    @pytest.mark.parametrize(
        ("who", "sentence"),
        [
            (Who.ANALYST, "Only an officer of DMBC, a director of DMBC or a director of DCST may propose a target"),
            (Who.ADMINISTRATOR, "Administrators look after people and set-up"),
        ],
    )
    def test_who_may_not_reads_why(self, room, who, sentence):
        page = room.page(who)
        assert sentence in words(page)
        assert buttons(page) == set()
        room.propose()
        waiting = room.page(who)
        assert "The contract was varied." in words(waiting)
        assert buttons(waiting) == set()
        assert {"Refuse", "Take it back"} & links(waiting) == set()

    def test_a_series_of_which_neither_way_is_better(self, room):
        series = factories.make_series(room.measure, code="E1", role="pair", polarity="neutral")
        page = room.page(path=f"{PAGE}?series={series.pk}")
        assert "Neither way is better for E1" in words(page)
        assert "None was ever set" in words(page)
        assert room.post(path=f"{PAGE}?series={series.pk}", propose="1", **TYPED).status_code == 409

    def test_a_series_of_a_volumetric_measure(self, room):
        room.measure.kind = "volumetric"
        room.measure.save(update_fields=["kind"])
        page = room.page()
        assert "B8 is of a volumetric measure, which explains the others and takes no target." in words(page)
        assert buttons(page) == set()
        assert room.post(propose="1", **TYPED).status_code == 409

    def test_each_series_has_its_own(self, room):
        ended = factories.make_series(room.measure, code="B8a", role="subgroup", last_quarter=Q2.previous)
        page = room.page(path=f"{PAGE}?series={ended.pk}")
        assert {"B8", "B8a to Q1 2018/19"} <= links(page)
        assert "B8a ended: its targets do not change any more." in words(page)

    @pytest.mark.parametrize("query", ["?series=0", "?series=", "?series=B8", "?series=1 OR 1"])
    def test_no_such_series(self, room, query):
        room.page(path=f"{PAGE}{query}", status=404)

    def test_a_series_of_another_contract(self, room):
        row, _ = room.elsewhere()
        room.page(path=f"{PAGE}?series={row.series_id}", status=404)
        room.page(path="/c/leisure/measures/l1/targets/", status=404)
        room.page(path="/c/childrens-services/measures/l1/targets/", status=404)

    @pytest.mark.parametrize("step", ["refuse", "take-back", "withdraw"])
    def test_a_target_of_another_contract(self, room, step):
        row, _ = room.elsewhere()
        room.page(path=f"{PAGE}{row.pk}/{step}/", status=404)
        assert room.post(path=f"{PAGE}{row.pk}/{step}/", reason="x").status_code == 404
        assert room.post(path=f"{PAGE}{row.pk}/agree/").status_code == 404

    def test_a_target_of_another_measure(self, room):
        other = factories.make_series(factories.make_measure(room.contract, "A1"))
        row = factories.propose_target(other, room.people[Who.OFFICER], 80)
        room.page(Who.PROVIDER_DIRECTOR, path=f"{PAGE}{row.pk}/refuse/", status=404)


class TestProposing:
    def test_the_preview_shows_the_effect_and_sends_nothing(self, room):
        response = room.post(preview="1", **TYPED)
        page = parse(response.text)
        assert (response.status_code, Target.objects.count()) == (200, 1)
        assert "Nothing has been sent yet" in words(page)
        assert effects(page) == [
            ("Q2 2018/19", "70%", "Off target", "Within tolerance", "Changes"),
            ("Q1 2018/19", "92%", "On target", "On target", "Does not change"),
            ("Q4 2017/18", "86%", "Within tolerance", "On target", "Would have differed; does not change"),
            ("Q3 2017/18", "80%", "Off target", "On target", "Would have differed; does not change"),
            ("Q2 2017/18", "78%", "Off target", "On target", "Would have differed; does not change"),
        ]
        assert (
            "Q2 2018/19 changes from “Off target” to “Within tolerance” under the proposed target. 3 of 4 old quarters "
            "would have been rated otherwise; old ratings do not change." in words(page)
        )
        fields = {each.attrs["name"]: each.attrs.get("value") for each in page.one("main").all("input")}
        assert (fields["target"], fields["tolerance"]) == ("75%", "70")
        assert page.one("textarea").text == "The contract was varied."

    def test_a_preview_asks_for_no_reason(self, room):
        assert room.post(preview="1", **{**TYPED, "reason": ""}).status_code == 200

    def test_a_form_that_names_no_button_is_a_preview(self, room):
        assert (room.post(**TYPED).status_code, Target.objects.count()) == (200, 1)

    def test_it_is_proposed(self, room):
        response = room.post(propose="1", **TYPED)
        assert response["Location"] == f"{PAGE}?series={room.series.pk}"
        row = Target.objects.latest("pk")
        assert (row.target, row.tolerance, row.from_quarter, row.proposed_party) == (75, 70, Q2, "commissioner")
        said = told(response)
        assert "B8: the target was proposed to DCST. It changes no rating before a director there agrees." in said
        assert "Proposed from Q2 2018/19 on: target 75%, tolerance 70%" in said
        assert "Officer of childrens-services, DMBC" in said

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"target": ""}, "Enter the target."),
            ({"target": "many"}, "Enter a number in digits, such as 1,898."),
            ({"tolerance": "80"}, "Higher is better, so the tolerance cannot be above the target."),
            ({"reason": ""}, "Say why: both parties read it, and it stays beside the target."),
            ({"reason": "x" * 501}, "Use 500 characters or fewer; this has 501."),
            ({"from_quarter": ""}, "Choose the quarter that it starts with."),
            ({"from_quarter": "2018-Q1"}, "Choose a quarter from the list."),
        ],
    )
    def test_what_is_wrong_stands_at_the_field_and_nothing_is_lost(self, room, changes, message):
        response = room.post(propose="1", **{**TYPED, **changes})
        page = parse(response.text)
        assert (response.status_code, Target.objects.count()) == (422, 1)
        assert message in words(page)
        assert "Nothing was proposed" in words(page)
        fields = [node for node in page.one("main").walk() if node.attrs.get("name") == next(iter(changes))]
        assert [field.attrs.get("aria-invalid") for field in fields] == ["true"]
        kept = {**TYPED, **changes}["reason"]
        assert page.one("textarea").text == kept

    def test_everything_that_is_wrong_is_told_at_once(self, room):
        page = parse(room.post(propose="1", from_quarter="2018-Q2").text)
        assert [node.text for node in page.one("div", class_="error-summary").all("a")] == [
            "Enter the target.",
            "Say why: both parties read it, and it stays beside the target.",
        ]

    def test_the_quarters_offered_begin_with_the_earliest(self, room, settings):
        settings.TODAY = Q2.next.start
        offered = [each.attrs["value"] for each in room.page().all("option")]
        assert offered[:3] == ["2018-Q2", "2018-Q3", "2018-Q4"]
        room.move(State.AGREED)
        assert room.page().all("option")[0].attrs["value"] == "2018-Q3"

    def test_somebody_else_proposed_meanwhile(self, room):
        room.propose(Who.PROVIDER_DIRECTOR)
        response = room.post(propose="1", **TYPED)
        assert (response.status_code, Target.objects.count()) == (409, 2)
        said = told(response)
        assert "You had typed: From: Q2 2018/19 Target: 75% Tolerance: 70 Reason: The contract was varied." in said

    def test_what_was_typed_comes_again_where_it_lost_by_a_moment(self, room, monkeypatch):
        """The other party proposed after this one's form was looked at."""
        look, late = target_views._no_form, []

        def then_somebody_proposes(desk, found):
            said = look(desk, found)
            if not late:
                late.append(room.propose(Who.PROVIDER_DIRECTOR))
            return said

        monkeypatch.setattr(target_views, "_no_form", then_somebody_proposes)
        response = room.post(propose="1", **TYPED)
        assert (response.status_code, Target.objects.count()) == (409, 2)
        said = told(response)
        assert "A proposal waits for B8 already." in said
        assert "You had typed: From: Q2 2018/19 Target: 75% Tolerance: 70 Reason: The contract was varied." in said

    def test_no_figure_that_the_viewer_may_not_see(self, room):
        """Q2 is open: the provider sees its value, the commissioner and an administrator do not."""
        room.move(State.OPEN)
        room.propose(Who.OFFICER)
        shown = {who: [row[:2] for row in effects(room.page(who))] for who in Who}
        assert shown[Who.OFFICER] == shown[Who.COMMISSIONER_DIRECTOR] == shown[Who.ADMINISTRATOR] == EARLIER
        assert shown[Who.ANALYST] == shown[Who.PROVIDER_DIRECTOR] == [("Q2 2018/19", "70%"), *EARLIER]


class TestAnswering:
    def test_agreed_as_shown(self, room):
        row = room.propose()
        page = room.page(Who.PROVIDER_DIRECTOR)
        assert buttons(page) == {"Agree to this target"}
        response = room.post(Who.PROVIDER_DIRECTOR, f"{PAGE}{row.pk}/agree/", **carried(page))
        row.refresh_from_db()
        assert (response.status_code, row.agreed_by) == (302, room.people[Who.PROVIDER_DIRECTOR].user)
        said = told(response)
        assert "B8: the target from Q2 2018/19 was agreed and counts from there on." in said
        assert "What the last change did" in said
        assert "Q2 2018/19 would have been rated otherwise under the target before." in said

    def test_another_one_was_put_in_its_place(self, room):
        row = room.propose()
        sent = room.sent()
        room.take_back(row)
        other = room.propose(target=D(60), tolerance=D(50))
        for address in (row, other):
            response = room.post(Who.PROVIDER_DIRECTOR, f"{PAGE}{address.pk}/agree/", **sent)
            assert response.status_code == 409
            said = told(response)
            assert "What you saw is not what waits now" in said
            assert "Proposed from Q2 2018/19 on: target 60%, tolerance 50%" in said
        assert Target.objects.filter(agreed_by__isnull=False).count() == 0

    def test_the_quarter_was_agreed_meanwhile(self, room):
        row = room.propose()
        sent = room.sent()
        room.move(State.AGREED)
        response = room.post(Who.PROVIDER_DIRECTOR, f"{PAGE}{row.pk}/agree/", **sent)
        assert response.status_code == 409
        assert "The earliest quarter that a new target can start in is Q3 2018/19." in told(response)

    def test_refused_with_a_reason(self, room):
        row = room.propose()
        path = f"{PAGE}{row.pk}/refuse/"
        page = room.page(Who.PROVIDER_DIRECTOR, path)
        sent = carried(page)
        empty = room.post(Who.PROVIDER_DIRECTOR, path, **sent)
        assert (empty.status_code, "Nothing was refused" in told(empty)) == (422, True)
        response = room.post(Who.PROVIDER_DIRECTOR, path, **sent, reason="Not without more staff.")
        assert response.status_code == 302
        said = told(response)
        assert "B8: the target from Q2 2018/19 was refused." in said
        assert "Refused: Provider's director of childrens-services, DCST" in said
        assert "Not without more staff." in said

    def test_what_was_typed_is_shown_where_it_came_too_late(self, room):
        row = room.propose()
        sent = room.sent()
        room.take_back(row)
        response = room.post(Who.PROVIDER_DIRECTOR, f"{PAGE}{row.pk}/refuse/", **sent, reason="Not now.")
        assert response.status_code == 409
        assert "You had typed: Reason: Not now. " in told(response)

    def test_taken_back(self, room):
        row = room.propose()
        path = f"{PAGE}{row.pk}/take-back/"
        page = room.page(path=path)
        sent = carried(page)
        response = room.post(path=path, **sent)
        assert (response.status_code, "Taken back: Officer of childrens-services, DMBC" in told(response)) == (
            302,
            True,
        )

    @pytest.mark.parametrize("step", ["refuse", "take-back"])
    def test_nothing_waits_any_more(self, room, step):
        row = room.refuse(room.propose())
        who = Who.PROVIDER_DIRECTOR if step == "refuse" else Who.OFFICER
        assert "Nothing waits for an answer there any more." in words(
            room.page(who, f"{PAGE}{row.pk}/{step}/", status=409)
        )

    @pytest.mark.parametrize("who", [Who.ANALYST, Who.ADMINISTRATOR])
    @pytest.mark.parametrize("step", ["refuse", "take-back", "withdraw"])
    def test_steps_on_a_first_target_are_refused_in_order(self, room, who, step):
        room.page(who, f"{PAGE}{room.first.pk}/{step}/", status=403)

    @pytest.mark.parametrize("step", ["refuse", "take-back"])
    def test_of_the_proposers_side(self, room, step):
        row = room.propose()
        allowed = {"refuse": {Who.PROVIDER_DIRECTOR}, "take-back": {Who.OFFICER, Who.COMMISSIONER_DIRECTOR}}[step]
        for who in Who:
            room.page(who, f"{PAGE}{row.pk}/{step}/", status=200 if who in allowed else 403)


class TestWithdrawing:
    def test_asked_for_on_a_page_that_shows_what_it_does(self, room):
        row = room.agreed()
        path = f"{PAGE}{row.pk}/withdraw/"
        assert "Propose to withdraw the target from Q2 2018/19" in links(room.page(Who.PROVIDER_DIRECTOR))
        page = room.page(Who.PROVIDER_DIRECTOR, path)
        assert effects(page) == [("Q2 2018/19", "70%", "Within tolerance", "Off target", "Changes")]
        empty = room.post(Who.PROVIDER_DIRECTOR, path)
        assert empty.status_code == 422
        response = room.post(Who.PROVIDER_DIRECTOR, path, reason="Agreed by mistake.")
        said = told(response)
        assert "B8: the withdrawal was proposed to DMBC. The target stays until a director there agrees." in said
        assert "Withdrawal of the target from Q2 2018/19, proposed" in said

    def test_agreed_and_gone(self, room):
        row = room.withdraw(room.agreed())
        page = room.page(Who.COMMISSIONER_DIRECTOR)
        assert buttons(page) == {"Agree to the withdrawal"}
        sent = carried(page)
        response = room.post(Who.COMMISSIONER_DIRECTOR, f"{PAGE}{row.pk}/agree/", **sent)
        said = told(response)
        assert "B8: the withdrawal of the target from Q2 2018/19 was agreed." in said
        assert "Withdrawn: Commissioner's director of childrens-services, DMBC" in said

    def test_refused_it_is_still_in_the_history_of_both_parties(self, room):
        room.refuse(room.withdraw(room.agreed()), Who.COMMISSIONER_DIRECTOR, reason="It stands.")
        for who in Who:
            said = words(room.page(who))
            assert "Withdrawal proposed: Provider's director of childrens-services, DCST" in said
            assert "Withdrawal refused: Commissioner's director of childrens-services, DMBC" in said
            assert ("Agreed by mistake." in said, "It stands." in said) == (True, True)

    def test_and_still_is_where_set_up_changed_its_code_and_its_quarter(self, room):
        room.refuse(room.withdraw(room.agreed()), Who.COMMISSIONER_DIRECTOR, reason="It stands.")
        Series.objects.update(code="B80")
        Target.objects.exclude(pk=room.first.pk).update(from_quarter=Q2.previous)
        said = words(room.page())
        assert said.count("Withdrawal refused: Commissioner's director of childrens-services, DMBC") == 1

    def test_an_answer_that_no_page_carried(self, room):
        row = room.agree(room.propose())
        for number in ("sNaN", "NaN", "Infinity"):
            sent = {"from_quarter": "2018-Q2", "target": number, "tolerance": number, "at": factories.NOW.isoformat()}
            assert room.post(Who.PROVIDER_DIRECTOR, f"{PAGE}{row.pk}/agree/", **sent).status_code == 409

    def test_what_rates_old_quarters_says_why_not(self, room):
        said = words(room.page())
        assert "It cannot be withdrawn: Q2 2017/18 to Q1 2018/19 are rated by this target" in said
        path = f"{PAGE}{room.first.pk}/withdraw/"
        assert "Propose a new target from Q2 2018/19 on instead." in words(room.page(path=path, status=409))
        response = room.post(path=path, reason="Wrong.")
        assert (response.status_code, "You had typed: Reason: Wrong. " in told(response)) == (409, True)

    @pytest.mark.parametrize("when", ["before", "after"])
    def test_what_was_typed_comes_again_where_a_proposal_came_first(self, room, monkeypatch, when):
        """Before the form was looked at, or just after."""
        row = room.agreed()
        if when == "before":
            room.withdraw(row)
        else:
            write = target_views.propose_withdrawal
            late = partial(room.withdraw, row)
            monkeypatch.setattr(target_views, "propose_withdrawal", lambda **sent: (late(), write(**sent)))
        response = room.post(path=f"{PAGE}{row.pk}/withdraw/", reason="Agreed by mistake?")
        said = told(response)
        assert (response.status_code, "You had typed: Reason: Agreed by mistake? " in said) == (409, True)
        assert "Withdrawal of the target from Q2 2018/19, proposed" in said

    def test_who_may_not_propose_is_refused_before_anything_is_looked_at(self, room):
        row = room.agreed()
        assert room.post(Who.ANALYST, f"{PAGE}{row.pk}/withdraw/", reason="Wrong.").status_code == 403


def grow(room, count):
    for number in range(count):
        room.refuse(room.propose(from_quarter=Q2.shift(number), target=D(80 - number)))
        row = room.agreed(from_quarter=Q2.shift(number), target=D(75 - number))
        room.refuse(room.withdraw(row, Who.OFFICER))
        factories.make_series(room.measure, code=f"S{number}", role="subgroup")
    room.propose(from_quarter=Q2.shift(count), target=D(50), tolerance=D(40))


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("who", "queries"), [(Who.OFFICER, 8), (Who.ANALYST, 9), (Who.ADMINISTRATOR, 9)])
def test_as_many_queries_however_long_the_history(room, count, who, queries):
    grow(room, count)
    client = room.client(who)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(PAGE)
    assert len(response.context["list"].lines) == 2 * count + 2
    assert len(captured) == queries, [each["sql"][:90] for each in captured]
