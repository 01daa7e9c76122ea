"""The catalogue of a contract's measures, and the definition sheet of one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.clock import today
from accounts.paging import part_of, searched
from accounts.viewer import viewer_of

from . import catalogue_list, definition_sheet
from .pages import contract_frame
from .quarters import Quarter
from .rights import RIGHTS, Act


def catalogue(request: HttpRequest, contract: str) -> HttpResponse:
    viewer = viewer_of(request.user, contract)
    now, text = Quarter.containing(today()), searched(request)
    every = catalogue_list.build(viewer.contract, now)
    found = catalogue_list.searched(every, text)
    part = part_of(request, found, text)
    context = contract_frame(viewer, "catalogue") | {
        "viewer": viewer,
        "quarter": now,
        "text": text,
        "answer": catalogue_list.answer(every),
        "is_empty": not every,
        "sections": catalogue_list.by_heading(part.rows),
        "part": part,
        "has_marks": any(line.target.marks or line.tolerance.marks for line in part.rows),
        "may_set_up": viewer.who in RIGHTS[Act.SET_UP],
    }
    return render(request, "measures/catalogue.html", context)


def sheet(request: HttpRequest, contract: str, measure: str) -> HttpResponse:
    viewer = viewer_of(request.user, contract)
    now = Quarter.containing(today())
    context = contract_frame(viewer, "catalogue") | {
        "viewer": viewer,
        "sheet": definition_sheet.build(viewer, measure, now),
    }
    return render(request, "measures/definition_sheet.html", context)
