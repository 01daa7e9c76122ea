"""The measure page where something is missing: a series, figures, a definition."""

import pytest
from django.test import Client

from tests.markup import parse
from tests.measure_reading import facts

CYCLE = "/c/childrens-services/2018-Q2/"


def get(desk, address):
    client = Client()
    client.force_login(desk.analyst.user)
    return client.get(CYCLE + address)


@pytest.fixture
def cycle(desk):
    return desk.open()


def test_without_series(desk, cycle):
    response = get(desk, "m/e1/")
    assert response.status_code == 200
    main = parse(response.text).one("main")
    assert "This measure has no series in Q2 2018/19." in main.text
    assert main.all("table") == []
    assert len(main.all("section", class_="pane")) == 2


def test_its_csv_is_404(desk, cycle):
    response = get(desk, "m/e1/figures.csv")
    assert response.status_code == 404
    assert "E1 has no figures." in response.text


def test_without_figures(desk, cycle):
    main = parse(get(desk, "m/b8/").text).one("main")
    assert "No figures to draw" in main.text
    assert "No value yet" in main.one("div", class_="headline").text
    assert facts(main) == ["No value yet for Q2 2018/19.", "No target is set."]
    assert facts(main, "Chance and signals") == []
    assert [node for node in main.all("script") if node.attrs.get("id") == "trend-figure"] == []


def test_names_are_escaped(desk, cycle):
    desk.series.name = desk.measure.title = "<script>alert(1)</script>"
    desk.series.save()
    desk.measure.save()
    text = get(desk, "m/b8/").text
    assert "<script>alert(1)" not in text
    assert parse(text).one("h1").text == "<script>alert(1)</script>"
