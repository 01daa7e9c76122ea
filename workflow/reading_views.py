"""The commentary of a quarter on one page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from measures.pages import frame, place_of
from measures.quarters import Quarter
from measures.rights import Act

from .reading import read


def commentary(request: HttpRequest, contract: str, quarter: Quarter) -> HttpResponse:
    place = place_of(request, contract, quarter, Act.SEE_CYCLE)
    context = {**frame(place, ""), "reading": read(place, request.GET.get("show", ""))}
    return render(request, "workflow/reading.html", context)
