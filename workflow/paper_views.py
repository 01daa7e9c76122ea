"""The page of an old paper: what was read, what only a person can say, and the confirmation."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.denial import NotKnown, Stale, WrongState
from accounts.roles import Party
from accounts.viewer import Viewer, viewer_of
from commentary.panes import NOUN
from measures.import_answers import to_its_batch
from measures.import_pages import IssueRow
from measures.imports import lifecycle, preview
from measures.imports.cells import Unreadable
from measures.imports.issues import Issue
from measures.models import ImportBatch
from measures.pages import contract_frame
from measures.policies import check_standing
from measures.quarters import Quarter
from measures.recording import Invalid
from measures.rights import Act
from measures.terms import BatchKind, BatchState

from .paper_forms import PaperForm
from .papers import comparing, holding, loading, suggesting
from .papers.plans import MeasurePlan, PaperPlan, TextPlan
from .papers.shapes import Paper

SUGGESTED = "The file names this quarter: check it."
NAMES_NONE = "The file does not say certainly which quarter it is of."
COMPARED = "Compared with what {} holds. Nothing is stored yet: look through the page once more, then confirm."
NOTHING = "Nothing was stored: all that can be brought into this quarter is held already."


@dataclass(frozen=True)
class Desk:
    """One paper before one administrator."""

    viewer: Viewer
    batch: ImportBatch
    paper: Paper
    quarters: list[Quarter]
    suggested: Quarter | None

    def plan(self, quarter: Quarter | None) -> PaperPlan:
        return comparing.compare(self.paper, self.viewer.contract, quarter, source=self.batch.sha256)

    def form(self, plan: PaperPlan, data=None, initial=None) -> PaperForm:
        hint = SUGGESTED if self.suggested else NAMES_NONE
        return PaperForm(data, initial=initial, plan=plan, quarters=self.quarters, suggested=hint)


@dataclass(frozen=True)
class Column:
    """One party's text of one measure; `text` None where the paper has none."""

    name: str
    text: TextPlan | None


@dataclass(frozen=True)
class Card:
    plan: MeasurePlan
    fields: list[forms.BoundField]
    columns: list[Column]


def import_paper(request: HttpRequest, contract: str, batch: int) -> HttpResponse:
    viewer = viewer_of(request.user, contract)
    check_standing(Act.SET_UP, viewer)
    found = preview.batch_of(viewer, batch)
    if found.kind != BatchKind.PAPER:
        raise NotKnown()
    if found.state != BatchState.UPLOADED:
        return redirect("import-batch", contract=contract, batch=batch)
    try:
        desk = _desk(viewer, found, timezone.now())
        if request.method == "POST":
            return _confirm(request, desk)
    except Unreadable as unreadable:
        context = _frame(viewer, found) | {"sentence": unreadable.sentence}
        return render(request, "workflow/paper_unreadable.html", context)
    except WrongState as denied:
        return to_its_batch(viewer, found, denied)
    plan = desk.plan(desk.suggested)
    return _page(request, desk, plan, desk.form(plan, initial=_start(plan)))


def _desk(viewer: Viewer, batch: ImportBatch, now: datetime.datetime) -> Desk:
    paper = loading.paper_of(batch)
    limit = holding.limit_of(viewer.contract, now=now)
    quarters = holding.quarters_to_choose(limit, suggesting.numbers_stated(paper))
    suggested = suggesting.quarter_of(batch.filename, paper)
    return Desk(viewer, batch, paper, quarters, suggested if suggested in quarters else None)


def _start(plan: PaperPlan) -> dict[str, str]:
    return {"quarter": plan.quarter.code if plan.quarter else "", "digest": plan.digest}


def _confirm(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Write what the page showed. Where that is no longer what would happen, another quarter being chosen among it,
    the page comes again with everything that was said."""
    code = request.POST.get("quarter", "")
    quarter = next((each for each in desk.quarters if each.code == code), None)
    plan = desk.plan(quarter)
    if quarter and request.POST.get("digest") != plan.digest:
        return _again(request, desk, plan, COMPARED.format(quarter.label))
    if quarter and plan.brings_nothing:
        return _again(request, desk, plan, NOTHING)
    form = desk.form(plan, request.POST)
    if form.is_valid():
        try:
            loading.load_paper(by=desk.viewer, batch=desk.batch, choices=form.choices, now=timezone.now())
        except Stale as stale:
            return _again(request, desk, desk.plan(quarter), stale.sentence, status=409)
        except Invalid as invalid:
            for sentence in invalid.errors.values():
                form.add_error(None, sentence)
        else:
            messages.success(request, f"{plan.answer}: brought into {quarter.label}.")
            return redirect("import-batch", contract=desk.viewer.contract.slug, batch=desk.batch.pk)
    return _page(request, desk, plan, form, status=422)


def _again(request: HttpRequest, desk: Desk, plan: PaperPlan, moved: str, status: int = 200) -> HttpResponse:
    # What is held may be other than it was because a first click has brought this very paper in.
    lifecycle.waiting(desk.viewer, desk.batch)
    said = {name: request.POST[name] for name in request.POST if name != "csrfmiddlewaretoken"}
    return _page(request, desk, plan, desk.form(plan, initial=said | _start(plan)), status=status, moved=moved)


def _page(
    request: HttpRequest, desk: Desk, plan: PaperPlan, form: PaperForm, status: int = 200, moved: str = ""
) -> HttpResponse:
    context = _frame(desk.viewer, desk.batch) | {
        "plan": plan,
        "form": form,
        "moved": moved,
        "cards": [_card(desk.viewer, form, place, one) for place, one in enumerate(plan.measures)],
        "issues": [_issue_row(issue) for issue in plan.issues],
    }
    return render(request, "workflow/paper.html", context, status=status)


def _frame(viewer: Viewer, batch: ImportBatch) -> dict:
    return contract_frame(viewer, "import") | {"viewer": viewer, "batch": batch}


def _card(viewer: Viewer, form: PaperForm, place: int, one: MeasurePlan) -> Card:
    names = {party: f"{viewer.contract.organisation(party).short_name} {NOUN[party]}" for party in Party}
    return Card(one, form.of(place), [Column(names[party], one.texts.get(party)) for party in Party])


def _issue_row(issue: Issue) -> IssueRow:
    place = f"{issue.sheet}, row {issue.row}" if issue.sheet else f"Line {issue.row}"
    return IssueRow(place.capitalize(), issue.column, issue.read, issue.why, issue.remedy)
