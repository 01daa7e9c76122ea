"""The pages of the benchmarks: the list, and adding, changing and removing one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.denial import Denied, NotKnown, Stale
from accounts.viewer import Viewer, viewer_of

from .benchmark_forms import BenchmarkForm, differences
from .benchmark_list import build, line_of
from .benchmarks import GONE, STALE, add_benchmark, change_benchmark, entry_of, remove_benchmark
from .models import Benchmark, Series
from .pages import contract_frame
from .policies import check_standing
from .recording import Invalid
from .rights import RIGHTS, Act


def benchmark_list(request: HttpRequest, contract: str) -> HttpResponse:
    viewer = viewer_of(request.user, contract)
    told = list(messages.get_messages(request))
    shown = build(viewer.contract)
    context = _frame(viewer) | {
        "list": shown,
        "may_change": viewer.who in RIGHTS[Act.ADD_BENCHMARK],
        "refusal": _refusal(viewer),
        "cards": [(group, [one for one in told if one.extra_tags == group.anchor]) for group in shown.held],
        "messages": [one for one in told if one.extra_tags not in {group.anchor for group in shown.held}],
    }
    return render(request, "measures/benchmarks.html", context)


def add(request: HttpRequest, contract: str, series: int) -> HttpResponse:
    viewer = _writer(request, contract)
    row = Series.objects.select_related("measure").filter(pk=series, measure__contract=viewer.contract).first()
    if row is None:
        raise NotKnown()
    form = BenchmarkForm(_typed(request), series=row, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        try:
            made = add_benchmark(by=viewer, series=row, entry=form.entry, now=timezone.now())
        except Invalid as invalid:
            _tell(form, invalid)
        else:
            return _done(request, viewer, row, f"{_named(made)} was added.")
    return _form_page(request, viewer, row, form)


def change(request: HttpRequest, contract: str, benchmark: int) -> HttpResponse:
    viewer = _writer(request, contract)
    row = _held(viewer, benchmark)
    form = _form_of(row, _typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = change_benchmark(
                by=viewer, benchmark=row, version=_version(request), entry=form.entry, now=timezone.now()
            )
        except Invalid as invalid:
            _tell(form, invalid)
        except Stale:
            return _conflict(request, viewer, form, benchmark)
        else:
            return _done(request, viewer, row.series, f"{_named(made)} was saved.")
    return _form_page(request, viewer, row.series, form, row=row)


def remove(request: HttpRequest, contract: str, benchmark: int) -> HttpResponse:
    """Asked before it is done. Where somebody changed it in between, the page asks again, with what is held now."""
    viewer = _writer(request, contract)
    row = _held(viewer, benchmark)
    stale = ""
    if request.method == "POST":
        try:
            remove_benchmark(by=viewer, benchmark=row, version=_version(request), now=timezone.now())
        except Stale:
            row, stale = _held(viewer, benchmark), "Somebody else changed this benchmark after you opened it."
        else:
            return _done(request, viewer, row.series, f"{_named(row)} was removed.")
    context = _frame(viewer) | {"row": row, "series": row.series, "line": line_of(row, row.series), "stale": stale}
    return render(request, "measures/benchmark_remove.html", context, status=409 if stale else 200)


def _typed(request: HttpRequest) -> QueryDict | None:
    """What was sent, be it nothing; None for a page that is only opened."""
    return request.POST if request.method == "POST" else None


def _writer(request: HttpRequest, contract: str) -> Viewer:
    viewer = viewer_of(request.user, contract)
    check_standing(Act.ADD_BENCHMARK, viewer)
    return viewer


def _refusal(viewer: Viewer) -> str:
    try:
        check_standing(Act.ADD_BENCHMARK, viewer)
    except Denied as denied:
        return denied.sentence
    return ""


def _frame(viewer: Viewer) -> dict:
    return {"viewer": viewer, **contract_frame(viewer, "benchmarks")}


def _held(viewer: Viewer, number: int) -> Benchmark:
    rows = Benchmark.objects.select_related("series__measure")
    row = rows.filter(pk=number, series__measure__contract=viewer.contract).first()
    if row is None:
        raise NotKnown(GONE)
    return row


def _version(request: HttpRequest) -> int:
    """The version that the page showed; -1, which nothing has, for what is none."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def _form_of(row: Benchmark, data=None) -> BenchmarkForm:
    version = row.version if data is None else data.get("version")
    return BenchmarkForm(data, series=row.series, today=timezone.localdate(), entry=entry_of(row), version=version)


def _tell(form: BenchmarkForm, invalid: Invalid) -> None:
    for name, message in invalid.errors.items():
        form.add_error(name, message)


def _conflict(request: HttpRequest, viewer: Viewer, typed: BenchmarkForm, number: int) -> HttpResponse:
    """What is held now beside what was typed; the form carries the new version, so that saving again is a choice."""
    row = _held(viewer, number)
    data = request.POST.copy()
    data["version"] = row.version
    form = _form_of(row, data)
    compared = differences(entry_of(row), typed.entry)
    return _form_page(request, viewer, row.series, form, row=row, conflict=compared, status=409)


def _form_page(
    request: HttpRequest,
    viewer: Viewer,
    series: Series,
    form: BenchmarkForm,
    *,
    row: Benchmark | None = None,
    conflict: list | None = None,
    status: int = 200,
) -> HttpResponse:
    context = _frame(viewer) | {"series": series, "form": form, "row": row, "conflict": conflict, "stale": STALE}
    return render(request, "measures/benchmark_form.html", context, status=422 if form.errors else status)


def _named(row: Benchmark) -> str:
    line = line_of(row, row.series)
    return f"{line.comparator}, {line.period.label}: {line.text}"


def _done(request: HttpRequest, viewer: Viewer, series: Series, sentence: str) -> HttpResponse:
    """Back to the series' card, which shows the sentence."""
    anchor = f"series-{series.pk}"
    messages.success(request, f"{series.code}: {sentence}", extra_tags=anchor)
    return redirect(reverse("benchmarks", kwargs={"contract": viewer.contract.slug}) + f"#{anchor}")
