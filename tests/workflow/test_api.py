"""The scorecard as JSON: the dataclasses as they are, under the rights of the page."""

import json
from decimal import ROUND_HALF_UP, Decimal

import pytest
from django.test import Client

from accounts.roles import Who
from accounts.viewer import Viewer
from measures import scorecard
from measures.chances import chance_of
from measures.models import Cycle
from measures.quarters import Quarter
from measures.terms import Frequency
from measures.track import Track, place_of
from tests import demonstration, factories, rows
from workflow.api import ProcessSerializer

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("api")]

API = "/api/v1/contracts/childrens-services/cycles/2018-Q2/scorecard/"
OPEN = API.replace("Q2", "Q3")


def get(key="officer", address=API):
    response = demonstration.client_of(key).get(address)
    assert (response.status_code, response["Content-Type"]) == (200, "application/json")
    return response.json()


def built(contract, quarter="2018-Q2", who=Who.OFFICER):
    """The same card from the read model, for one of the demonstration's people."""
    cycle = Cycle.objects.get(contract=contract, quarter=Quarter.parse(quarter))
    membership = next(m for m in contract.memberships.select_related("user") if m.who is who)
    return scorecard.build(cycle, Viewer(membership.user, contract, who))


def measure(card, code):
    [found] = [row for row in card["measures"] if row["code"] == code]
    return found


def number(value):
    """A decimal as the API writes it: every digit held and no trailing zeros."""
    return None if value is None else f"{value.normalize():f}"


def expected_reading(reading):
    return {
        "period": reading.period.code,
        "value": number(reading.value),
        "numerator": number(reading.numerator),
        "denominator": number(reading.denominator),
        "status": reading.status,
        "illustrative": reading.illustrative,
        "counts_illustrative": reading.counts_illustrative,
        "revised": reading.revised,
        "months_present": reading.months_present,
        "note": reading.note,
    }


def expected_series(row):
    aim, travel = row.aim, row.travel
    return row and {
        "code": row.code,
        "name": row.name,
        "role": row.role,
        "unit": row.scale.unit,
        "decimals": row.scale.decimals,
        "polarity": row.scale.polarity,
        "derivation": row.derivation,
        "window": row.window,
        "frequency": row.frequency,
        "now": expected_reading(row.now),
        "aim": aim
        and {
            "from_quarter": aim.from_quarter.code,
            "target": number(aim.target),
            "tolerance": number(aim.tolerance),
            "target_basis": aim.target_basis,
            "tolerance_basis": aim.tolerance_basis,
        },
        "rating": {
            "status": row.rating.status,
            "reason": row.rating.reason,
            "rounding_decides": row.rating.rounding_decides,
        },
        "travel": travel
        and {"direction": travel.direction, "difference": number(travel.difference), "text": travel.text},
        "history": [expected_reading(reading) for reading in row.history],
    }


def statistic(value):
    return number(Decimal(repr(value)).quantize(Decimal("0.000001"), ROUND_HALF_UP))


def expected_headline(row):
    if row is None:
        return None
    chance, xmr = chance_of(row), row.process.xmr
    return expected_series(row) | {
        "chance": chance and {"tell": chance.tell, "low": statistic(chance.low), "high": statistic(chance.high)},
        "process": xmr
        and {
            "frequency": row.track.frequency,
            "mean": statistic(xmr.mean),
            "lower": statistic(xmr.lower),
            "upper": statistic(xmr.upper),
            "trial": xmr.trial,
            "variation": row.variation,
            "assurance": row.assurance,
            "illustrative": row.track.illustrative,
        },
    }


def expected(card):
    return {
        "quarter": card.quarter.code,
        "label": card.quarter.label,
        "state": card.state,
        "figures_visible": card.figures_visible,
        "counts": {str(status): count for status, count in card.counts.items()},
        "measures": [
            {
                "code": row.code,
                "slug": row.slug,
                "title": row.title,
                "section": row.section,
                "kind": row.kind,
                "area_for_improvement": row.area_reason,
                "headline": expected_headline(row.headline),
                "pairs": [expected_series(one) for one in row.pairs],
                "subgroups": [expected_series(one) for one in row.subgroups],
            }
            for row in card.rows
        ],
    }


class TestProcess:
    """Of a row made by hand."""

    VALUES = (80.0, 82.0) * 7

    def told(self, *, last=rows.Q2, illustrative=False):
        first = place_of(last.shift(1 - len(self.VALUES)).start, Frequency.QUARTER)
        track = Track(Frequency.QUARTER, first, self.VALUES, illustrative=illustrative)
        return ProcessSerializer(rows.series(82, aims=[rows.aim(70, 60)], track=track)).data

    def test_values_made_for_a_demonstration_say_so(self):
        assert (self.told()["illustrative"], self.told(illustrative=True)["illustrative"]) == (False, True)

    def test_no_verdict_from_another_quarter_s_value(self):
        now, earlier = self.told(), self.told(last=rows.Q2.previous)
        assert (now["variation"], now["assurance"]) == ("common", "pass")
        assert (earlier["variation"], earlier["assurance"]) == (None, None)


class TestContent:
    @pytest.mark.parametrize(
        ("key", "who", "quarter"),
        [
            ("officer", Who.OFFICER, "2018-Q2"),
            ("trust-director", Who.PROVIDER_DIRECTOR, "2018-Q2"),
            ("officer", Who.OFFICER, "2018-Q3"),
            ("analyst", Who.ANALYST, "2018-Q3"),
            ("council-director", Who.COMMISSIONER_DIRECTOR, "2015-Q2"),
        ],
    )
    def test_it_is_the_read_model_and_nothing_else(self, demo, key, who, quarter):
        assert get(key, API.replace("2018-Q2", quarter)) == json.loads(json.dumps(expected(built(demo, quarter, who))))

    def test_the_quarter(self, demo):
        card = get()
        assert {name: card[name] for name in ("quarter", "label", "state", "figures_visible", "counts")} == {
            "quarter": "2018-Q2",
            "label": "Q2 2018/19",
            "state": "commentary",
            "figures_visible": True,
            "counts": {"red": 2, "amber": 3, "green": 3, "none": 3},
        }

    def test_decimals_are_strings_with_every_digit_held(self, demo):
        fo1 = measure(get(), "FO1")["headline"]
        assert (fo1["now"]["value"], fo1["now"]["numerator"], fo1["now"]["denominator"]) == ("84.210526", "16", "19")
        assert (fo1["aim"]["target"], fo1["aim"]["tolerance"]) == ("90", "80")
        assert Decimal(fo1["travel"]["difference"]) == Decimal("84.210526") - Decimal("73.684211")
        assert (fo1["travel"]["direction"], fo1["travel"]["text"]) == ("improved", "10.5 points better")

    def test_no_number_is_written_with_an_exponent_or_as_a_float(self, demo):
        def walk(value):
            for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
                assert not isinstance(one, float)
                yield one
                yield from walk(one)

        texts = [one for one in walk(get()) if isinstance(one, str)]
        assert "100" in texts
        assert [text for text in texts if text[:1].isdigit() and "E+" in text] == []

    def test_a_missing_value_has_its_status(self, demo):
        [gap] = [one for one in measure(get(), "B13")["headline"]["history"] if one["period"] == "2016-Q4"]
        assert (gap["value"], gap["status"]) == (None, "not_available")

    def test_volumetric_ones_have_no_aim(self, demo):
        row = measure(get(), "E34/35")
        assert (row["headline"]["aim"], row["headline"]["rating"]["status"]) == (None, "none")
        assert [pair["code"] for pair in row["pairs"]] == ["E35"]

    def test_areas_carry_their_reason(self, demo):
        assert measure(get(), "B8")["area_for_improvement"].startswith("Fewer proceedings")
        assert measure(get(), "A2")["area_for_improvement"] is None


class TestOpenQuarter:
    @pytest.mark.parametrize("key", ["officer", "council-director"])
    def test_the_commissioner_gets_no_figure_of_it(self, demo, key):
        card = get(key, OPEN)
        assert (card["state"], card["figures_visible"]) == ("open", False)
        for row in card["measures"]:
            for series in filter(None, [row["headline"], *row["pairs"], *row["subgroups"]]):
                assert series["now"] == series["history"][-1]
                assert (series["now"]["period"], series["now"]["value"], series["now"]["status"]) == (
                    "2018-Q3",
                    None,
                    None,
                )
                assert (series["rating"]["status"], series["travel"]) == ("none", None)

    def test_earlier_quarters_are_in_it(self, demo):
        assert measure(get("officer", OPEN), "B8")["headline"]["history"][-2]["value"] == "70"

    def test_the_provider_gets_what_it_entered(self, demo):
        card = get("analyst", OPEN)
        assert card["figures_visible"] is True
        assert measure(card, "E1")["headline"]["now"]["value"] is not None
        assert measure(card, "E1")["headline"]["now"]["months_present"] == 1


class TestWhoMay:
    def test_nobody_signed_in(self, demo):
        response = Client().get(API)
        assert (response.status_code, response.json()) == (401, {"detail": "Sign in first."})

    @pytest.mark.parametrize("address", [API, API.replace("2018-Q2", "2030-Q1"), API.replace("childrens", "adults")])
    def test_a_stranger_learns_nothing(self, demo, address):
        stranger = factories.make_members(factories.make_contract("leisure", "Borough", "Trust"))[Who.OFFICER]
        client = Client()
        client.force_login(stranger.user)
        response = client.get(address)
        assert response.status_code == 404
        assert response.json() == {"detail": "There is nothing at this address that you can see."}

    def test_a_quarter_that_is_not_there(self, demo):
        response = demonstration.client_of("officer").get(API.replace("2018-Q2", "2030-Q1"))
        assert (response.status_code, response.json()) == (
            404,
            {"detail": "Children's services has no quarter Q1 2030/31."},
        )

    def test_an_administrator_gets_past_quarters_alone(self, demo):
        response = demonstration.client_of("administrator").get(API)
        assert response.status_code == 403
        assert response.json()["detail"].startswith("Administrators look after people and set-up")
        assert get("administrator", API.replace("2018-Q2", "2018-Q1"))["figures_visible"] is True

    @pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
    def test_it_only_reads(self, demo, method):
        response = getattr(demonstration.client_of("officer"), method)(API)
        assert response.status_code == 405
        assert "detail" in response.json()

    @pytest.mark.parametrize("query", ["?format=api", ""])
    def test_it_is_json_for_a_browser_too(self, demo, query):
        client = demonstration.client_of("officer")
        response = client.get(f"{API}{query}", headers={"accept": "text/html,*/*;q=0.8"})
        assert response["Content-Type"] == "application/json"

    def test_the_address_takes_codes_of_quarters_alone(self, demo):
        for text in ("2018-Q5", "2018", "Q2"):
            assert demonstration.client_of("officer").get(API.replace("2018-Q2", text)).status_code == 404
