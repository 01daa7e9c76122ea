"""The pages of a measure's targets: history and effect, proposing a change, answering one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.clock import today
from accounts.denial import Denied, Invalid, NotKnown, Stale, WrongState
from accounts.viewer import Viewer, viewer_of

from .models import Cycle, Series, Target
from .pages import NavItem, contract_frame
from .policies import check_standing
from .quarters import Quarter
from .rights import ANSWER_TARGET, RETRACT_TARGET, RIGHTS, Act
from .scorecard import visible_quarters
from .states import State
from .target_changes import agree, propose_target, propose_withdrawal, refuse, take_back
from .target_effects import Ask
from .target_entries import Ground, Shown, TargetEntry
from .target_forms import ReasonForm, TargetForm
from .target_list import Line, TargetList, build, came_to_nothing, compared, readings_of, withdrawn
from .target_rows import asking_party, ground_of, rows_of

# What may be typed about a target, as it is told where it came too late.
FIELDS = {"from_quarter": "From", "target": "Target", "tolerance": "Tolerance", "reason": "Reason"}


@dataclass(frozen=True)
class Desk:
    """One viewer before the targets of one series; `every` are all of the measure's, the headline first."""

    viewer: Viewer
    every: list[Series]
    series: Series
    cycles: list[Cycle]
    rows: list[Target]

    @property
    def quarter(self) -> Quarter:
        return Quarter.containing(today())

    @property
    def ground(self) -> Ground:
        states = {cycle.quarter: State(cycle.state) for cycle in self.cycles}
        return ground_of(self.series, states, self.rows)

    @cached_property
    def found(self) -> TargetList:
        gone = came_to_nothing(self.viewer.contract, self.rows)
        return build(self.viewer, self.series, self.rows, self.ground, self.quarter, gone)

    @property
    def other(self) -> str:
        """The short name of the party that answers what the viewer proposes."""
        party = self.viewer.party
        return self.viewer.contract.organisation(party.other).short_name if party else ""

    @property
    def address(self) -> dict[str, str]:
        return {"contract": self.viewer.contract.slug, "measure": self.series.measure.slug}

    def url(self, series: Series | None = None) -> str:
        return f"{reverse('targets', kwargs=self.address)}?{urlencode({'series': (series or self.series).pk})}"


def targets(request: HttpRequest, contract: str, measure: str) -> HttpResponse:
    viewer = viewer_of(request.user, contract)
    if request.method == "POST":
        check_standing(Act.PROPOSE_TARGET, viewer)
    desk = _desk(viewer, measure, request.GET.get("series"))
    found = desk.found
    form = _form(request, desk, found)
    if request.method != "POST":
        return _page(request, desk, found, form)
    if form is None:
        return _as_it_is(request, desk, WrongState(_no_form(desk, found)), *FIELDS)
    if not form.is_valid():
        return _page(request, desk, found, form)
    if form.is_preview:
        return _page(request, desk, found, form, entry=form.entry)
    try:
        propose_target(by=viewer, series=desk.series, entry=form.entry, now=timezone.now())
    except Invalid as invalid:
        form.tell(invalid.errors)
        return _page(request, desk, found, form)
    except WrongState as refused:
        return _as_it_is(request, desk, refused, *FIELDS)
    return _done(
        request, desk, f"the target was proposed to {desk.other}. It changes no rating before a director there agrees."
    )


def agree_target(request: HttpRequest, contract: str, measure: str, target: int) -> HttpResponse:
    desk, row = _answering(request, contract, measure, target)
    is_withdrawal = row.agreed_at is not None
    shown = Shown.of(request.POST)
    done = f"{_asked(row)} was agreed{'' if is_withdrawal else ' and counts from there on'}."
    return _answer(request, desk, lambda: agree(by=desk.viewer, target=row, shown=shown, now=timezone.now()), done)


def refuse_target(request: HttpRequest, contract: str, measure: str, target: int) -> HttpResponse:
    desk, row = _answering(request, contract, measure, target)
    check_standing(ANSWER_TARGET[asking_party(row)], desk.viewer)
    form = _reason_form(request, desk, row, "Refuse", "Nothing was refused")
    if request.method == "POST" and form.is_valid():
        reason, shown = form.cleaned_data["reason"], Shown.of(request.POST)
        return _answer(
            request,
            desk,
            lambda: refuse(by=desk.viewer, target=row, shown=shown, reason=reason, now=timezone.now()),
            f"{_asked(row)} was refused.",
        )
    return _step_page(request, desk, row, form, "refuse")


def take_back_target(request: HttpRequest, contract: str, measure: str, target: int) -> HttpResponse:
    desk, row = _answering(request, contract, measure, target)
    check_standing(RETRACT_TARGET[asking_party(row)], desk.viewer)
    if request.method == "POST":
        shown = Shown.of(request.POST)
        return _answer(
            request,
            desk,
            lambda: take_back(by=desk.viewer, target=row, shown=shown, now=timezone.now()),
            f"{_asked(row)} was taken back.",
        )
    return _step_page(request, desk, row, None, "take-back")


def withdraw_target(request: HttpRequest, contract: str, measure: str, target: int) -> HttpResponse:
    """Asking the other party that a target which was agreed by mistake be withdrawn."""
    viewer = viewer_of(request.user, contract)
    check_standing(Act.PROPOSE_TARGET, viewer)
    desk, row = _answering(request, contract, measure, target)
    line = next(line for line in desk.found.lines if line.id == row.pk)
    if not line.withdrawable:
        why_not = line.why_not or "Something waits for an answer already, or this target is not in force."
        return _as_it_is(request, desk, WrongState(why_not))
    form = ReasonForm(
        request.POST if request.method == "POST" else None,
        button=f"Propose the withdrawal to {desk.other}",
        failed="Nothing was proposed",
    )
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        return _answer(
            request,
            desk,
            lambda: propose_withdrawal(by=viewer, target=row, reason=reason, now=timezone.now()),
            f"the withdrawal was proposed to {desk.other}. The target stays until a director there agrees.",
        )
    return _step_page(request, desk, row, form, "withdraw")


def _desk(viewer: Viewer, slug: str, number: str | None) -> Desk:
    rows = Series.objects.filter(measure__contract=viewer.contract, measure__slug=slug).select_related("measure")
    every = sorted(rows, key=in_order)
    if not every:
        raise NotKnown("This contract has no such measure, or it has no series yet.")
    series = every[0] if number is None else next((one for one in every if str(one.pk) == number), None)
    if series is None:
        raise NotKnown(f"{every[0].measure.code} has no such series.")
    return _at(viewer, every, series)


def _at(viewer: Viewer, every: list[Series], series: Series) -> Desk:
    cycles = list(Cycle.objects.filter(contract=viewer.contract).order_by("-quarter"))
    return Desk(viewer, every, series, cycles, rows_of(series))


def in_order(series: Series) -> tuple:
    """Those that run before those that ended; the headline first, the latest of several before the others."""
    role = {"headline": 0, "pair": 1, "subgroup": 2}[series.role]
    return series.last_quarter is not None, role, series.position, series.code, -series.pk


def _answering(request: HttpRequest, contract: str, slug: str, target: int) -> tuple[Desk, Target]:
    viewer = viewer_of(request.user, contract)
    rows = Target.objects.filter(pk=target, series__measure__contract=viewer.contract, series__measure__slug=slug)
    row = rows.select_related("series__measure").first()
    if row is None:
        raise NotKnown("This measure has no such target.")
    every = list(Series.objects.filter(measure=row.series.measure).select_related("measure"))
    return _at(viewer, sorted(every, key=in_order), row.series), row


def _answer(request: HttpRequest, desk: Desk, act: Callable[[], Target], done: str) -> HttpResponse:
    """Where what was answered is not what waits, the page comes again with what does."""
    try:
        act()
    except (Stale, WrongState) as refused:
        return _as_it_is(request, desk, refused)
    return _done(request, desk, done)


def _as_it_is(request: HttpRequest, desk: Desk, refused: Denied, *fields: str) -> HttpResponse:
    """The page with what is held now, why nothing was done, and what was typed into the fields. An answer carries the
    target that it is about, typed by nobody: of that, the reason alone."""
    now = _at(desk.viewer, desk.every, desk.series)
    found = now.found
    return _page(request, now, found, _form(None, now, found), refused=refused.sentence, typed=fields or ("reason",))


def _typed(request: HttpRequest, names: Iterable[str]) -> list[tuple[str, str]]:
    """Label and text of each that was filled in."""
    found = {name: request.POST.get(name, "").strip() for name in names}
    if quarter := found.get("from_quarter"):
        found["from_quarter"] = _label(quarter)
    return [(FIELDS[name], text) for name, text in found.items() if text]


def _label(code: str) -> str:
    try:
        return Quarter.parse(code).label
    except ValueError:
        return code


def _asked(row: Target) -> str:
    what = "the withdrawal of the target" if row.agreed_at else "the target"
    return f"{what} from {row.from_quarter.label}"


def _done(request: HttpRequest, desk: Desk, sentence: str) -> HttpResponse:
    messages.success(request, f"{desk.series.code}: {sentence}")
    return redirect(desk.url())


def _form(request: HttpRequest | None, desk: Desk, found: TargetList) -> TargetForm | None:
    """None where this viewer may propose nothing now; `_no_form` says why."""
    if _no_form(desk, found):
        return None
    typed = request.POST if request and request.method == "POST" else None
    return TargetForm(typed, series=desk.series, ground=desk.ground, now=desk.quarter, other=desk.other)


def _no_form(desk: Desk, found: TargetList) -> str:
    try:
        check_standing(Act.PROPOSE_TARGET, desk.viewer)
    except Denied as denied:
        return denied.sentence
    if desk.ground.untargeted:
        return desk.ground.untargeted
    if found.waiting:
        return "One proposal waits at a time: this one must be agreed, refused or taken back first."
    if desk.ground.earliest is None:
        return f"{desk.series.code} ended: its targets do not change any more."
    return ""


def _reason_form(request: HttpRequest, desk: Desk, row: Target, button: str, failed: str) -> ReasonForm:
    typed = request.POST if request.method == "POST" else None
    waiting = desk.found.waiting
    # What was sent goes on with it: what has changed in between is told when it is sent again.
    held = waiting.fields if waiting else {}
    fields = {name: typed.get(name, "") if typed is not None else value for name, value in held.items()}
    return ReasonForm(typed, button=button, failed=failed, shown=fields)


def _frame(desk: Desk) -> dict:
    return {
        **contract_frame(desk.viewer, "catalogue"),
        "viewer": desk.viewer,
        "measure": desk.series.measure,
        "series": desk.series,
        "list_url": desk.url(),
    }


def _page(
    request: HttpRequest,
    desk: Desk,
    found: TargetList,
    form: TargetForm | None,
    *,
    entry: TargetEntry | None = None,
    refused: str = "",
    typed: Iterable[str] = (),
) -> HttpResponse:
    readings = readings_of(desk.series, visible_quarters(desk.viewer, desk.cycles))
    shown = compared(found, readings, entry)
    context = _frame(desk) | {
        "list": found,
        "choices": _choices(desk),
        "form": form,
        "refusal": _no_form(desk, found),
        "may_propose": desk.viewer.who in RIGHTS[Act.PROPOSE_TARGET],
        "waiting": found.waiting,
        "compared": shown,
        "is_preview": entry is not None,
        "asks_before": shown is not None and shown.ask is Ask.BEFORE,
        "refused": refused,
        "typed": _typed(request, typed),
    }
    status = 409 if refused else 422 if form is not None and form.errors else 200
    return render(request, "measures/targets.html", context, status=status)


def _choices(desk: Desk) -> list[NavItem]:
    if len(desk.every) == 1:
        return []
    return [NavItem(choice_label(one), desk.url(one), one.pk == desk.series.pk) for one in desk.every]


def choice_label(series: Series) -> str:
    ended = f" to {series.last_quarter.label}" if series.last_quarter else ""
    return f"{series.code}{ended}"


def _step_page(request: HttpRequest, desk: Desk, row: Target, form: ReasonForm | None, step: str) -> HttpResponse:
    """The page of one step: what it is about, and what it does."""
    found = desk.found
    line: Line = next(line for line in found.lines if line.id == row.pk)
    waiting = found.waiting
    if step != "withdraw" and (waiting is None or waiting.line.id != row.pk):
        return _page(
            request, desk, found, _form(None, desk, found), refused="Nothing waits for an answer there any more."
        )
    readings = readings_of(desk.series, visible_quarters(desk.viewer, desk.cycles))
    shown = withdrawn(found, readings, row.from_quarter) if step == "withdraw" else compared(found, readings, None)
    context = _frame(desk) | {"list": found, "line": line, "waiting": waiting, "form": form, "compared": shown}
    context |= {"step": step, "other": desk.other}
    failed = form is not None and form.errors
    return render(request, "measures/target_step.html", context, status=422 if failed else 200)
