"""Reading pages: the landing page, the scorecard, the measure and its figures as CSV."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify

from accounts import paging
from accounts.clock import today
from accounts.denial import NotKnown
from accounts.roles import Party
from accounts.viewer import is_locked, viewer_of, viewers_of
from commentary import panes
from measures import scorecard
from measures.derivation import Derivation
from measures.facts import facts
from measures.figures_csv import write_figures
from measures.models import Cycle, Measure
from measures.pages import Place, frame, place_of
from measures.pair_check import populations_note
from measures.policies import editing_act, is_allowed
from measures.quarters import Quarter
from measures.revisions import history_of
from measures.rights import RIGHTS, Act
from measures.rows import MeasureRow, Scorecard
from measures.states import State
from measures.stats.words import COMPLETE_COUNTS
from measures.summary import summary
from measures.trend import held_of, subgroup_charts, trend, trend_of

from . import board, choices
from . import measure_chart as charting
from . import measure_choice as choosing
from . import measure_page as page
from .tiles import tiles


def home(request: HttpRequest) -> HttpResponse:
    viewers = viewers_of(request.user)
    part = paging.part_of(request, [viewer for viewer in viewers if not is_locked(viewer)], "")
    lines = board.contract_lines(part.rows, today())
    locked = [*filter(is_locked, viewers)]
    return render(request, "workflow/home.html", {"lines": lines, "part": part, "locked": locked})


def contract(request: HttpRequest, contract: str) -> HttpResponse:
    """To the latest quarter that has reached commentary, else to the latest there is; an administrator who may see none
    goes to the set-up."""
    viewer = viewer_of(request.user, contract)
    cycles = list(Cycle.objects.filter(contract=viewer.contract).order_by("-quarter"))
    seen = [cycle for cycle in cycles if is_allowed(Act.SEE_CYCLE, viewer, cycle)]
    if not seen and viewer.who in RIGHTS[Act.SET_UP]:
        return redirect("contract-set-up", contract=contract)
    if not seen:
        return redirect("home")
    settled = [cycle for cycle in seen if cycle.state not in (State.OPEN, State.SUBMITTED)]
    return redirect("scorecard", contract=contract, quarter=(settled or seen)[0].quarter)


def scorecard_page(request: HttpRequest, contract: str, quarter: Quarter) -> HttpResponse:
    place = place_of(request, contract, quarter, Act.SEE_CYCLE)
    card = scorecard.build(place.cycle, place.viewer, place.cycles)
    released = panes.marks(place.cycle) if place.cycle.state != State.PAST else {}
    now = board.turn_of(place.cycle, place.viewer.contract, board.waiting_on(card, released), today())
    view = choices.View.of(request.GET)
    names = {party: place.viewer.contract.organisation(party).short_name for party in Party}
    context = {
        **frame(place, "scorecard"),
        "card": card,
        "stages": board.stages(place.cycle, now, place.cycle.committee_on),
        "sent_back": board.sent_back(place.cycle),
        "moves": board.moves(place),
        "summary": summary(card),
        "waiting_for": board.waiting_for_figures(card, place),
        "view": view,
        "chips": view.chips(card),
        "layouts": view.layouts(),
        "orders": view.orders(),
        "groups": view.groups(tiles(card, released, names, _measure_address(place))),
        "quarters": switcher(place),
    }
    return render(request, "workflow/scorecard.html", context)


def _measure_address(place: Place) -> Callable[[str], str]:
    """One look at the table of addresses for all measures: hundreds take a good part of the page's time."""
    pattern = reverse("measure", kwargs={**place.address, "measure": "m"})
    start = pattern.removesuffix("m/")
    return lambda slug: f"{start}{slug}/"


def switcher(place: Place) -> choices.Switcher:
    """The quarters that the viewer may open, from the one query that place_of made for them."""
    return choices.Switcher.of(
        place.cycle.quarter,
        [cycle.quarter for cycle in place.cycles if is_allowed(Act.SEE_CYCLE, place.viewer, cycle)],
        lambda quarter: reverse("scorecard", kwargs={**place.address, "quarter": quarter}),
    )


def measure_page(request: HttpRequest, contract: str, quarter: Quarter, measure: str) -> HttpResponse:
    place, card, row = _measure_row(request, contract, quarter, measure)
    previous, following = page.neighbours(card, row)
    context = {
        **frame(place, ""),
        "card": card,
        "measure": row,
        "group": page.group_of(row),
        "previous": _neighbour(place, previous),
        "next": _neighbour(place, following),
        "waiting_for": board.waiting_for_figures(card, place),
        "sent_back": board.sent_back(place.cycle),
        "panes": panes.pair(place.cycle, Measure(pk=row.id), place.viewer, panes.cycle_before(place.cycles, quarter)),
        "may_choose_area": is_allowed(Act.CHOOSE_AREAS, place.viewer, place.cycle),
        "may_record_events": is_allowed(Act.RECORD_EVENT, place.viewer, place.cycle),
        "may_change_benchmarks": is_allowed(Act.ADD_BENCHMARK, place.viewer, place.cycle),
        **_series_context(row, card, choosing.choice_of(row, request.GET)),
    }
    return render(request, "workflow/measure.html", context | _revised(place, context.get("choice")))


def _revised(place: Place, choice: choosing.Choice | None) -> dict:
    """What the last revision of the headline did, and whether the viewer may make another one."""
    if choice is None:
        return {}
    row, act = choice.row, editing_act(place.cycle)
    may_correct = act is Act.CORRECT_VALUES and is_allowed(act, place.viewer, place.cycle)
    if not row.now.revised:
        return {"may_correct": may_correct}
    history = history_of(place.viewer.contract, row.id, row.now.period, scale=row.scale, aims=row.aims)
    return {"may_correct": may_correct, "revised": history.sentence, "revised_mark": history.mark}


def _measure_row(
    request: HttpRequest, contract: str, quarter: Quarter, slug: str
) -> tuple[Place, Scorecard, MeasureRow]:
    place = place_of(request, contract, quarter, Act.SEE_CYCLE)
    card = scorecard.build(place.cycle, place.viewer, place.cycles, whole=False)
    row = card.row(slug)
    if row is None:
        raise NotKnown(f"{quarter.label} has no such measure.")
    return place, card, row


def _neighbour(place: Place, row: MeasureRow | None) -> choices.Option | None:
    return choices.Option(row.code, reverse("measure", kwargs={**place.address, "measure": row.slug})) if row else None


def _series_context(row: MeasureRow, card: Scorecard, choice: choosing.Choice | None) -> dict:
    """What depends on the series chosen: headline, chart, tables; little for a measure without series."""
    if choice is None:
        return {"eyebrow": page.eyebrow(row, None)}
    series = choice.row
    together = charting.together(row, choice)
    held = held_of(row, together, card.visible)
    drawn = [trend_of(row, each, choice.frequency, held, choice.view.switches) for each in together]
    shown = drawn[together.index(series)]
    tracked = shown.row
    picture = charting.picture(drawn, shown)
    screened = choice.view.switches.screen and page.has_limits(shown)
    told = facts(tracked, screened=screened) if card.figures_visible else None
    return {
        "eyebrow": page.eyebrow(row, series),
        "choice": choice,
        "series_options": choosing.series_options(row, choice),
        "frequency_options": choosing.frequency_options(choice),
        "switches": choosing.switch_options(choice.view, set().union(*map(page.switchable, drawn))),
        "headline": page.headline(series, visible=card.figures_visible),
        "rating": page.badge(row, series, visible=card.figures_visible),
        "aims": page.aims(series),
        "aim_reason": series.aim.reason if series.aim else "",
        "derived_by": page.DERIVED_BY[Derivation(series.derivation)],
        "facts": told,
        "interval_note": COMPLETE_COUNTS if picture.has_interval or (told and told.has_interval) else "",
        "trend": shown,
        "picture": picture,
        "bases": charting.bases(row, drawn, choice),
        "groups": charting.groups(row, choice, subgroup_charts(row, held, choice.view.switches), picture),
        "populations": populations_note(row, card.rows),
        "table": page.table(shown),
        "benchmarks": page.benchmark_rows(shown),
    }


def figures_csv(request: HttpRequest, contract: str, quarter: Quarter, measure: str) -> HttpResponse:
    place, card, row = _measure_row(request, contract, quarter, measure)
    choice = choosing.choice_of(row, request.GET)
    if choice is None:
        raise NotKnown(f"{row.code} has no figures.")
    shown = trend(row, choice.row, choice.frequency, card.visible)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    name = f"{place.viewer.contract.slug}-{row.slug}-{slugify(choice.row.code)}-{quarter.code}-{choice.frequency}s.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    # Excel reads UTF-8 only after a byte order mark.
    response.write("\ufeff")
    write_figures(response, row.code, choice.row, shown.readings)
    return response
