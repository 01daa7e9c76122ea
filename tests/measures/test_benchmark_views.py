"""The pages of the benchmarks: who sees and changes them, what they say, errors, conflicts, how many queries."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry
from accounts.roles import Who
from measures.models import Benchmark
from measures.quarters import Quarter, Year
from tests import factories
from tests.factories import make_benchmark
from tests.markup import parse

LIST = "/c/childrens-services/benchmarks/"
MAY = [Who.ADMINISTRATOR, Who.ANALYST, Who.OFFICER]
DIRECTORS = [Who.COMMISSIONER_DIRECTOR, Who.PROVIDER_DIRECTOR]
TYPED = {
    "comparator": "Statistical neighbours",
    "period": "2017/18",
    "value": "20.5%",
    "scope": "statistical_neighbours",
    "statistic": "mean",
    "comparability": "close",
    "source": "DfE",
    "edition": "Children in need 2018",
    "published_on": "2018-10-25",
    "method": "Ten authorities",
    "note": "A year’s figure",
}
ONLY = "Only an administrator, an analyst of DCST or an officer of DMBC may add benchmarks."


class Room:
    def __init__(self):
        self.contract = factories.make_contract()
        self.people = factories.make_members(self.contract)
        self.measure = factories.make_measure(self.contract, title="Proceedings on track")
        self.series = factories.make_series(self.measure)
        self.add = f"{LIST}{self.series.pk}/add/"

    def client(self, who=Who.OFFICER):
        client = Client()
        client.force_login(self.people[who].user)
        # The first page starts the session's clock, which is a write.
        client.get("/")
        return client

    def page(self, path=LIST, who=Who.OFFICER, status=200):
        response = self.client(who).get(path)
        assert response.status_code == status
        return parse(response.text)

    def post(self, path, who=Who.OFFICER, **typed):
        return self.client(who).post(path, typed)

    def elsewhere(self):
        contract = factories.make_contract("leisure", "Borough", "Leisure Trust")
        return factories.make_series(factories.make_measure(contract, "L1"))


@pytest.fixture
def room(db):
    return Room()


def links(page):
    return [(node.text, node.attrs["href"]) for node in page.one("main").all("a")]


def lines(page):
    """Of each card: its heading, and its tables' rows as texts."""
    return [
        (
            card.one("h2").text,
            [[cell.text for cell in row.walk() if cell.tag in ("th", "td")] for row in card.all("tr")],
        )
        for card in page.all("section", class_="card")
        if card.all("table")
    ]


def message(page, name):
    assert page.one("p", id=f"id_{name}_error").attrs["class"] == "error-message"
    return page.one("p", id=f"id_{name}_error").text.removeprefix("Error: ")


class TestList:
    @pytest.mark.parametrize("who", Who)
    def test_everybody_of_the_contract_sees_it(self, room, who):
        make_benchmark(room.series)
        page = room.page(who=who)
        assert page.one("h1").text == "Benchmarks"
        assert (
            page.one("p", class_="answer").text == "1 benchmark for 1 of 1 series. It is for the year to 31 March 2018."
        )
        assert "England" in page.text

    @pytest.mark.parametrize("who", MAY)
    def test_who_may_finds_the_ways(self, room, who):
        row = make_benchmark(room.series)
        bare = factories.make_series(room.measure, code="B8n", name="Numbers", role="pair")
        assert links(room.page(who=who)) == [
            ("Import from a file", "/c/childrens-services/import/"),
            ("Add a benchmark to B8", room.add),
            ("Change England, year to 31 March 2018", f"{LIST}{row.pk}/"),
            ("Add a benchmark to B8n", f"{LIST}{bare.pk}/add/"),
        ]

    @pytest.mark.parametrize("who", DIRECTORS)
    def test_who_may_not_reads(self, room, who):
        make_benchmark(room.series)
        factories.make_series(room.measure, code="B8n", name="Numbers", role="pair")
        page = room.page(who=who)
        assert links(page) == []
        assert ONLY in page.text

    def test_a_stranger_does_not_know_it(self, room):
        stranger = factories.make_members(room.elsewhere().measure.contract)[Who.ANALYST].user
        client = Client()
        client.force_login(stranger)
        assert client.get(LIST).status_code == 404

    def test_another_contract_s_are_not_in_it(self, room):
        make_benchmark(room.elsewhere(), "Wales")
        assert "Wales" not in room.page().text

    def test_none_for_who_may(self, room):
        page = room.page()
        assert page.one("div", class_="empty-state").one("h2").text == "No benchmarks yet"
        assert "Add the first to a series below." in page.text
        assert page.all("p", class_="answer") == []
        assert links(page)[1:] == [("Add a benchmark to B8", room.add)]

    def test_none_for_who_may_not(self, room):
        page = room.page(who=Who.PROVIDER_DIRECTOR)
        assert page.one("div", class_="empty-state").one("p").text == ONLY
        assert page.text.count(ONLY) == 1

    def test_no_series(self, room):
        room.series.delete()
        page = room.page()
        assert page.one("div", class_="empty-state").one("h2").text == "No measures yet"
        assert page.one("div", class_="empty-state").all("a") == []
        led = room.page(who=Who.ADMINISTRATOR).one("div", class_="empty-state").one("a")
        assert (led.text, led.attrs["href"]) == ("Set up measures", "/c/childrens-services/set-up/measures/")
        assert page.all("section") == []

    def test_the_latest_period_first_and_in_it_the_country_first(self, room):
        make_benchmark(room.series, "Barnsley", scope="other", comparability="not_comparable", note="Other cases")
        make_benchmark(room.series, "Neighbours", scope="statistical_neighbours", statistic="median", method="Of ten")
        make_benchmark(room.series, "Yorkshire", scope="regional", published_on="2018-10-25")
        make_benchmark(room.series)
        make_benchmark(room.series, period=Year(2016), value=Decimal(20))
        make_benchmark(room.series, period=Quarter(2018, 1))
        heads = ["Comparator", "Value", "Comparability", "Source and method"]
        source, close = "DfE, Children in need 2018", "Close, not the same"
        [(heading, found)] = lines(room.page(who=Who.PROVIDER_DIRECTOR))
        assert heading == "B8 Proceedings on track"
        assert found == [
            heads,
            ["Q1 2018/19"],
            ["England", "21.9%", close, source],
            heads,
            ["Year to 31 March 2018"],
            ["England", "21.9%", close, source],
            ["Yorkshire", "21.9%", close, f"{source}, published 25 October 2018"],
            ["Neighbours (median)", "21.9%", close, f"{source} Of ten"],
            ["Barnsley", "21.9%", "Not comparable, so not drawn Other cases", source],
            ["Year to 31 March 2017"],
            ["England", "20.0%", close, source],
        ]
        assert room.page().one("main").one("summary").text == "Earlier: 5 figures"
        assert room.page().one("p", class_="answer").text == (
            "6 benchmarks for 1 of 1 series. The latest are for Q1 2018/19."
        )

    def test_hundreds(self, room):
        for number in range(150):
            make_benchmark(room.series, f"Council {number:03}", scope="other")
        [(_, found)] = lines(room.page())
        assert [row[0] for row in found[2:]] == [f"Council {number:03}" for number in range(150)]


class TestAdding:
    @pytest.mark.parametrize("who", MAY)
    def test_what_is_typed_is_held(self, room, who):
        response = room.post(room.add, who, **TYPED)
        assert (response.status_code, response["Location"]) == (302, f"{LIST}#series-{room.series.pk}")
        row = Benchmark.objects.get()
        kept = {name: str(getattr(row, name)) for name in TYPED if name not in ("period", "value")}
        assert kept == {name: text for name, text in TYPED.items() if name not in ("period", "value")}
        assert (row.period, row.value) == (Year(2017), Decimal("20.5"))
        assert AuditEntry.objects.get().act == "add benchmark"

    def test_the_card_says_so(self, room):
        client = room.client()
        client.post(room.add, TYPED)
        page = parse(client.get(LIST).text)
        card = page.one("section", id=f"series-{room.series.pk}")
        assert card.one("div", class_="notice").text == "B8: Statistical neighbours (mean), 2017/18: 20.5% was added."
        assert len(page.all("div", class_="notice")) == 1

    def test_the_form_names_the_series(self, room):
        page = room.page(room.add)
        assert page.one("h1").text == "Add a benchmark Proceedings on track"
        assert page.one("p", class_="eyebrow").text == "B8 · Proceedings on track"
        assert [node.text for node in page.one("main").one("form").all("button")] == ["Add benchmark"]

    def test_what_is_missing(self, room):
        response = room.post(room.add)
        page = parse(response.text)
        assert response.status_code == 422
        assert page.one("title").text.startswith("Error: ")
        assert {name: message(page, name) for name in ("comparator", "period", "value", "scope", "comparability")} == {
            "comparator": "Name whose figure this is, such as England.",
            "period": "Enter the financial year or the quarter of the figure.",
            "value": "Enter the figure.",
            "scope": "Choose what the figure stands for.",
            "comparability": "Say how far the figure compares.",
        }
        assert message(page, "source") == "Say who published the figure, such as DfE."
        assert message(page, "edition") == "Say which release or table it stands in."
        assert not Benchmark.objects.exists()

    @pytest.mark.parametrize(
        ("name", "text", "says"),
        [
            ("period", "2018", "Write a financial year such as 2017/18, or a quarter such as Q2 2018/19."),
            ("period", "2090/91", "2090/91 is not over yet, so that nobody can hold its figure."),
            ("value", "120", "Enter 100 or less."),
            ("value", "abc", "Enter a number in digits, such as 1,898."),
            ("statistic", "", "Say whether this is the mean or the median of the neighbours."),
            ("published_on", "tomorrow", "Enter a day such as 6/12/2018."),
            ("published_on", "2018-03-01", "Enter a day after 31 March 2018, when 2017/18 ended."),
            ("method", "x" * 201, "Use 200 characters or fewer; this has 201."),
            ("scope", "world", "Choose from the list."),
        ],
    )
    def test_what_is_wrong(self, room, name, text, says):
        response = room.post(room.add, **{**TYPED, name: text})
        page = parse(response.text)
        assert (response.status_code, message(page, name)) == (422, says)
        assert page.one("div", class_="error-summary").one("a").attrs["href"] == f"#id_{name}"
        assert not Benchmark.objects.exists()

    @pytest.mark.parametrize("text", ["25/10/2018", "25 October 2018", "25 Oct 2018"])
    def test_a_day_where_the_browser_has_no_calendar(self, room, text):
        room.post(room.add, **{**TYPED, "published_on": text})
        assert str(Benchmark.objects.get().published_on) == "2018-10-25"

    def test_one_that_is_held_already(self, room):
        make_benchmark(room.series, "Statistical neighbours")
        response = room.post(room.add, **TYPED)
        assert response.status_code == 422
        assert message(parse(response.text), "comparator") == (
            "B8 has a figure of Statistical neighbours for 2017/18 already. Change it."
        )

    @pytest.mark.parametrize("who", DIRECTORS)
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_not_by_a_director(self, room, who, method):
        response = getattr(room.client(who), method)(room.add, TYPED)
        assert response.status_code == 403
        assert ONLY in parse(response.text).text
        assert not Benchmark.objects.exists()

    def test_not_to_a_series_elsewhere(self, room):
        path = f"{LIST}{room.elsewhere().pk}/add/"
        assert room.client().get(path).status_code == 404
        assert room.post(path, **TYPED).status_code == 404
        assert not Benchmark.objects.exists()


class TestChanging:
    @pytest.fixture
    def row(self, room):
        return make_benchmark(room.series, published_on="2018-10-25", note="A year")

    def held(self, page):
        """What the form's fields hold."""
        inputs = {
            node.attrs["name"]: node.attrs.get("value", "")
            for node in page.one("main").one("form").all("input")
            if node.attrs["type"] != "radio" or "checked" in node.attrs
        }
        inputs |= {node.attrs["name"]: node.text for node in page.one("main").one("form").all("textarea")}
        for node in page.one("main").one("form").all("select"):
            inputs[node.attrs["name"]] = next(
                (one.attrs["value"] for one in node.all("option") if "selected" in one.attrs), ""
            )
        return inputs

    def test_the_form_holds_what_is_held(self, room, row):
        found = self.held(room.page(f"{LIST}{row.pk}/"))
        del found["csrfmiddlewaretoken"]
        assert found == {
            "comparator": "England",
            "period": "2017/18",
            "value": "21.9",
            "scope": "national",
            "statistic": "",
            "comparability": "close",
            "source": "DfE",
            "edition": "Children in need 2018",
            "published_on": "2018-10-25",
            "method": "",
            "note": "A year",
            "version": "1",
        }

    @pytest.mark.parametrize("who", MAY)
    def test_what_is_typed_is_held(self, room, row, who):
        response = room.post(f"{LIST}{row.pk}/", who, **TYPED, version="1")
        assert (response.status_code, response["Location"]) == (302, f"{LIST}#series-{room.series.pk}")
        row.refresh_from_db()
        assert (row.comparator, row.statistic, row.value, row.version) == (
            "Statistical neighbours",
            "mean",
            Decimal("20.5"),
            2,
        )

    def test_errors_keep_what_was_typed(self, room, row):
        response = room.post(f"{LIST}{row.pk}/", **{**TYPED, "value": "200", "version": "1"})
        page = parse(response.text)
        assert (response.status_code, message(page, "value")) == (422, "Enter 100 or less.")
        assert (self.held(page)["value"], self.held(page)["version"]) == ("200", "1")
        row.refresh_from_db()
        assert row.value == Decimal("21.9")

    def test_the_name_of_another(self, room, row):
        make_benchmark(room.series, "Statistical neighbours")
        response = room.post(f"{LIST}{row.pk}/", **TYPED, version="1")
        assert (response.status_code, message(parse(response.text), "comparator")) == (
            422,
            "B8 has a figure of Statistical neighbours for 2017/18 already. Change it.",
        )

    @pytest.mark.parametrize("version", ["1", "", "x", "99999999999999999999"])
    def test_a_conflict_shows_what_is_held_and_what_was_typed(self, room, row, version):
        room.post(f"{LIST}{row.pk}/", **{**TYPED, "value": "22", "version": "1"})
        response = room.post(f"{LIST}{row.pk}/", **{**TYPED, "statistic": "median", "note": "", "version": version})
        page = parse(response.text)
        assert response.status_code == 409
        assert page.one("title").text.startswith("Error: ")
        assert "Somebody else changed this benchmark after you opened it." in page.one("div", role="alert").text
        cells = [
            [cell.text for cell in line.walk() if cell.tag in ("th", "td")] for line in page.one("tbody").all("tr")
        ]
        assert cells == [
            ["Value", "22", "20.5"],
            ["Mean or median", "Mean", "Median"],
            ["Note", "A year’s figure", "nothing"],
        ]
        assert self.held(page)["version"] == "2"
        assert self.held(page)["statistic"] == "median"
        row.refresh_from_db()
        assert (row.value, row.version) == (22, 2)

    def test_saving_again_is_a_choice(self, room, row):
        room.post(f"{LIST}{row.pk}/", **{**TYPED, "value": "22", "version": "1"})
        assert room.post(f"{LIST}{row.pk}/", **TYPED, version="2").status_code == 302
        row.refresh_from_db()
        assert row.value == Decimal("20.5")

    def test_two_who_type_the_same(self, room, row):
        room.post(f"{LIST}{row.pk}/", **TYPED, version="1")
        response = room.post(f"{LIST}{row.pk}/", **TYPED, version="1")
        assert response.status_code == 409
        assert "What you typed is what is held." in response.text

    @pytest.mark.parametrize("who", DIRECTORS)
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_not_by_a_director(self, room, row, who, method):
        response = getattr(room.client(who), method)(f"{LIST}{row.pk}/", {**TYPED, "version": "1"})
        assert response.status_code == 403
        row.refresh_from_db()
        assert row.version == 1

    def test_not_what_is_gone_or_elsewhere(self, room, row):
        other = make_benchmark(room.elsewhere())
        row.delete()
        for number in (other.pk, row.pk or 10_000):
            response = room.client().get(f"{LIST}{number}/")
            assert response.status_code == 404
            assert "This benchmark is not held any more: somebody may have removed it." in parse(response.text).text
            assert room.post(f"{LIST}{number}/", **TYPED, version="1").status_code == 404
        assert Benchmark.objects.get().version == 1


class TestRemoving:
    @pytest.fixture
    def row(self, room):
        return make_benchmark(room.series)

    def test_asked_first(self, room, row):
        page = room.page(f"{LIST}{row.pk}/remove/")
        assert page.one("h1").text == "Remove this benchmark?"
        assert [(one.one("dt").text, one.one("dd").text) for one in page.one("dl").all("div")] == [
            ("Series", "B8 Proceedings on track"),
            ("Comparator", "England"),
            ("Period", "2017/18"),
            ("Value", "21.9%"),
            ("Source", "DfE, Children in need 2018"),
        ]
        assert Benchmark.objects.count() == 1

    @pytest.mark.parametrize("who", MAY)
    def test_then_done(self, room, row, who):
        client = room.client(who)
        response = client.post(f"{LIST}{row.pk}/remove/", {"version": "1"})
        assert response.status_code == 302
        assert not Benchmark.objects.exists()
        page = parse(client.get(LIST).text)
        # Its card is gone: the sentence stands at the top.
        assert page.one("div", class_="notice").text == "B8: England, 2017/18: 21.9% was removed."

    def test_one_that_changed_is_asked_about_again(self, room, row):
        Benchmark.objects.filter(pk=row.pk).update(value=30, version=2)
        response = room.post(f"{LIST}{row.pk}/remove/", version="1")
        page = parse(response.text)
        assert response.status_code == 409
        assert "Nothing was removed" in page.one("div", role="alert").text
        assert "30.0%" in page.one("dl").text
        assert page.one("input", name="version").attrs["value"] == "2"
        assert Benchmark.objects.count() == 1

    @pytest.mark.parametrize("who", DIRECTORS)
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_not_by_a_director(self, room, row, who, method):
        assert getattr(room.client(who), method)(f"{LIST}{row.pk}/remove/", {"version": "1"}).status_code == 403
        assert Benchmark.objects.count() == 1

    def test_not_elsewhere(self, room):
        other = make_benchmark(room.elsewhere())
        assert room.client().get(f"{LIST}{other.pk}/remove/").status_code == 404
        assert room.post(f"{LIST}{other.pk}/remove/", version="1").status_code == 404
        assert Benchmark.objects.count() == 1


READER = 3  # the session, the person, their part in the contract


@pytest.mark.parametrize("count", [1, 3])
def test_queries(room, count):
    for number in range(count):
        series = factories.make_series(room.measure, code=f"P{number}", role="pair")
        for year in range(2015, 2015 + count):
            for other in range(count):
                make_benchmark(series, f"Council {other}", Year(year))
    client, row = room.client(), Benchmark.objects.order_by("pk").last()
    # Every series with its measure and every benchmark; one series; one benchmark.
    for path, more in [(LIST, 2), (room.add, 1), (f"{LIST}{row.pk}/", 1), (f"{LIST}{row.pk}/remove/", 1)]:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        assert len(queries) == READER + more, path


@pytest.mark.parametrize(("who", "may"), [(who, who in MAY) for who in Who if who is not Who.ADMINISTRATOR])
def test_the_measure_page_leads_there(room, who, may):
    cycle = factories.make_cycle(room.contract, Quarter(2018, 2))
    room.measure.save()
    path = f"/c/childrens-services/{cycle.quarter.code}/m/b8/"
    bare = room.page(path, who)
    assert bool(bare.all("div", id="benchmarks")) is may
    row = make_benchmark(room.series)
    card = room.page(path, who).one("div", id="benchmarks")
    ways = [(node.text, node.attrs["href"]) for node in card.all("a")]
    assert ways == [("All benchmarks", f"{LIST}#series-{room.series.pk}")] + (
        [("Add a benchmark", room.add), ("Change England, year to 31 March 2018", f"{LIST}{row.pk}/")] if may else []
    )
