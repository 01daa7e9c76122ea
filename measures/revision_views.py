"""The page of one figure's history."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.denial import NotKnown, WrongState

from .models import Series
from .pages import Place, frame, place_of
from .policies import check_may, editing_act, is_allowed
from .quarters import Month, Quarter
from .revisions import history_of
from .rights import Act
from .scorecard import aims_of, scale_of


def cell_history(
    request: HttpRequest, contract: str, quarter: Quarter, series: int, period: Quarter | Month
) -> HttpResponse:
    place = place_of(request, contract, quarter, Act.SEE_CYCLE)
    found = Series.objects.select_related("measure").filter(pk=series, measure__contract=place.viewer.contract).first()
    if found is None or period not in (quarter, *found.periods(quarter)):
        raise NotKnown()
    try:
        check_may(Act.SEE_FIGURES, place.viewer, place.cycle)
    except WrongState as refused:
        provider = place.viewer.contract.provider.short_name
        context = _common(place, found, period) | {
            "not_yet": f"{provider} is still working on the values of {quarter.label}.",
            "sentence": refused.sentence,
        }
        return render(request, "measures/cell_history.html", context, status=refused.status)
    aims = aims_of([found.pk], quarter)[found.pk]
    history = history_of(place.viewer.contract, found.pk, period, scale=scale_of(found), aims=aims)
    act = editing_act(place.cycle)
    context = _common(place, found, period) | {
        "history": history,
        "revisions": history.revisions,
        # A quarter that its months give is corrected there.
        "may_edit": _runs(place, found) and is_allowed(act, place.viewer, place.cycle),
        "corrects": act is Act.CORRECT_VALUES,
    }
    return render(request, "measures/cell_history.html", context)


def _common(place: Place, series: Series, period: Quarter | Month) -> dict:
    by = series.frequency if isinstance(period, Month) else "quarter"
    return frame(place, "") | {
        "series": series,
        "period": period,
        # Of the measure page, where the series runs in the quarter.
        "query": urlencode({"series": series.code, "by": by}),
        "has_measure_page": _runs(place, series),
    }


def _runs(place: Place, series: Series) -> bool:
    return series.covers(place.cycle.quarter) and series.measure.covers(place.cycle.quarter)
