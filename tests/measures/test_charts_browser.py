"""chart.js in a real browser, on a page of its own, under the content security policy of the site.

What it does on the measure page itself: tests/browser/test_chart.py.
"""

from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from django.utils.html import json_script
from playwright.sync_api import expect

from measures.charts.plotly import figure
from measures.charts.shapes import NARROW, WIDE
from measures.charts.svg import svg
from measures.templatetags.charts import MODULES
from perfmon import finders
from tests.measures.charts_samples import a1, b8, fo1

pytestmark = pytest.mark.browser

# The Python package's own, and the one that is served: the small one where set-up has built it.
WHOLE = finders.package_file("plotly", "package_data/plotly.min.js")
STATIC = Path(__file__).parents[2] / "static"
POLICY = (
    "default-src 'self'; script-src 'self' 'nonce-n'; style-src 'self' 'nonce-n'; "
    "img-src 'self' data: blob:; object-src 'none'"
)
TYPES = {".js": "text/javascript", ".css": "text/css"}
PLACES = """() => [...document.querySelectorAll("[data-chart]")].map(frame => {
  const middle = e => { const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2] }
  const box = frame.getBoundingClientRect()
  const drawing = [...frame.querySelectorAll("svg.chart")].find(e => getComputedStyle(e).display !== "none")
  return {
    box: [box.x, box.y + scrollY, box.width, box.height],
    shape: drawing.classList[1],
    seen: getComputedStyle(drawing).opacity,
    dots: [...drawing.querySelectorAll(".dot > *")].map(middle),
    points: [...frame.querySelectorAll(".chart-layer .points path.point")].map(middle),
  }
})"""


def page_of(charts, plotly):
    blocks = "".join(
        f'<div class="chart-box"><div class="chart-frame" data-chart="f{i}" data-plotly="{plotly}">'
        f"{svg(chart, WIDE, f'c{i}')}{svg(chart, NARROW, f'c{i}')}</div></div>"
        f'<button type="button" data-chart-png="f{i}" data-filename="trend" hidden>PNG</button>'
        f"{json_script(figure(chart), f'f{i}')}"
        for i, chart in enumerate(charts)
    )
    imports = MODULES.render(attrs={"nonce": "n"}).replace("/static/", "/")
    links = "".join(f'<link rel="stylesheet" href="/css/{name}.css">' for name in ("tokens", "chart"))
    return (
        f'<!doctype html><html lang="en-GB"><meta charset="utf-8"><title>Charts</title>{imports}{links}'
        '<link id="plotly.js-style-global" class="no-inline-styles" rel="stylesheet" href="/css/plotly.css">'
        '<meta id="9f215cf04c5486422605d13261cb87401f4e7763b6296af81e98efbc0130da53">'
        f'<body><main>{blocks}</main><script type="module" src="/js/chart.js"></script></body></html>'
    )


class Handler(BaseHTTPRequestHandler):
    def __init__(self, *args, held, **options):
        self.held = held
        super().__init__(*args, **options)

    def log_message(self, *args):
        pass

    def do_GET(self):
        body, kind = b"", "text/html"
        if self.path in self.held:
            body = self.held[self.path]
        elif self.path == "/plotly.js":
            body, kind = finders.files()["vendor/plotly.min.js"].read_bytes(), "text/javascript"
        elif self.path == "/whole.js":
            body, kind = WHOLE.read_bytes(), "text/javascript"
        elif self.path == "/favicon.ico":
            body, kind = b"", "image/x-icon"
        else:
            body, kind = STATIC.joinpath(self.path[1:]).read_bytes(), TYPES[Path(self.path).suffix]
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture(scope="module")
def address():
    charts = [b8(), fo1(), a1()]
    held = {"/": page_of(charts, "/plotly.js").encode(), "/whole": page_of(charts, "/whole.js").encode()}
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, held=held)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture
def messages(page):
    held = []
    page.on("console", lambda message: held.append(message.text))
    page.on("pageerror", lambda error: held.append(str(error)))
    return held


def draw_all(page):
    for frame in page.locator("[data-chart]").all():
        frame.scroll_into_view_if_needed()
    expect(page.locator(".chart-drawn")).to_have_count(3, timeout=60_000)


def furthest(place):
    pairs = zip(place["dots"], place["points"], strict=False)
    return max(max(abs(a - c), abs(b - d)) for (a, b), (c, d) in pairs)


@pytest.mark.parametrize(
    ("library", "width", "shape"),
    [("", 560, "chart-wide"), ("", 320, "chart-narrow"), ("whole", 560, "chart-wide")],
)
def test_plotly_lies_over_the_svg_without_a_jump(page, address, messages, library, width, shape):
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(address + library)
    before = page.evaluate(PLACES)
    draw_all(page)
    after = page.evaluate(PLACES)
    assert [place["box"] for place in after] == [place["box"] for place in before]
    assert [place["shape"] for place in after] == [shape] * 3
    assert [place["seen"] for place in after] == ["0"] * 3
    assert [len(place["points"]) for place in after] == [13, 13, 13]
    assert max(furthest(place) for place in after) < 0.5
    assert messages == []


def test_hover_names_the_period_and_nothing_takes_the_focus(page, address, messages):
    page.goto(address)
    draw_all(page)
    frame = page.locator("[data-chart=f0]")
    frame.scroll_into_view_if_needed()
    x, y = page.evaluate(PLACES)[0]["points"][12]
    page.mouse.move(x - 3, y - 30)
    hover = frame.locator(".hoverlayer .hovertext")
    hover.wait_for()
    assert hover.text_content() == "Q2 2018/1970%147 of 210Below target 90% (off target)"
    layer = frame.locator(".chart-layer")
    assert layer.get_attribute("aria-hidden") == "true"
    assert layer.locator("a, button, input, [tabindex]").count() == 0
    assert messages == []


def test_the_figure_follows_the_size_and_the_colour_scheme(page, address, messages):
    page.set_viewport_size({"width": 560, "height": 700})
    page.goto(address)
    draw_all(page)
    line = page.locator("[data-chart=f0] .chart-layer path.js-line")
    expect(line).to_have_css("stroke", "rgb(23, 32, 43)")
    page.emulate_media(color_scheme="dark")
    expect(line).to_have_css("stroke", "rgb(232, 237, 242)")
    page.set_viewport_size({"width": 340, "height": 700})
    expect(page.locator("[data-chart=f0] .main-svg").first).to_have_attribute("width", "300")
    page.wait_for_timeout(300)
    assert furthest(page.evaluate(PLACES)[0]) < 0.5
    assert messages == []


def test_the_picture_can_be_fetched_by_keyboard(page, address, messages):
    page.goto(address)
    button = page.locator("[data-chart-png=f0]")
    button.focus()
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename == "trend.png"
    assert Path(download.value.path()).read_bytes().startswith(b"\x89PNG")
    assert messages == []


def test_the_svg_stays_where_plotly_cannot_load(page, address):
    page.route("**/plotly.js", lambda route: route.abort())
    page.goto(address)
    page.locator("[data-chart=f0]").scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    place = page.evaluate(PLACES)[0]
    assert (place["seen"], place["points"], len(place["dots"])) == ("1", [], 13)
