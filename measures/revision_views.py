"""The page of one figure's history."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.denial import NotKnown

from .models import Series
from .pages import frame, place_of
from .policies import editing_act, is_allowed
from .quarters import Month, Quarter
from .revisions import history_of
from .rights import Act
from .scorecard import aims_of, scale_of


def cell_history(
    request: HttpRequest, contract: str, quarter: Quarter, series: int, period: Quarter | Month
) -> HttpResponse:
    place = place_of(request, contract, quarter, Act.SEE_FIGURES)
    found = Series.objects.select_related("measure").filter(pk=series, measure__contract=place.viewer.contract).first()
    if found is None or period not in (quarter, *found.periods(quarter)):
        raise NotKnown()
    aims = aims_of([found.pk], quarter)[found.pk]
    history = history_of(place.viewer.contract, found.pk, period, scale=scale_of(found), aims=aims)
    runs = found.covers(quarter) and found.measure.covers(quarter)
    context = frame(place, "") | {
        "history": history,
        "series": found,
        "period": period,
        "revisions": history.revisions,
        # Of the measure page, where the series runs in the quarter.
        "query": urlencode({"series": found.code, "by": found.frequency if isinstance(period, Month) else "quarter"}),
        "has_measure_page": runs,
        # A quarter that its months give is corrected there.
        "may_edit": runs and is_allowed(editing_act(place.cycle), place.viewer, place.cycle),
        "corrects": editing_act(place.cycle) is Act.CORRECT_VALUES,
    }
    return render(request, "measures/cell_history.html", context)
