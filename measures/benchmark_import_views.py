"""The pages of a file of benchmarks: what is wanted of it, and the preview with its confirmation."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.denial import NotKnown, Stale, WrongState
from accounts.viewer import Viewer, viewer_of

from .benchmark_import_forms import ConfirmForm, TidyForm
from .benchmark_import_pages import answer, origin, sections
from .import_answers import to_its_batch
from .imports import benchmark_batches, benchmark_preview, preview
from .imports.benchmark_preview import BenchmarkPreview
from .imports.cells import Unreadable
from .imports.words import counted
from .models import ImportBatch
from .pages import contract_frame
from .policies import check_standing
from .rights import Act
from .terms import BatchKind


def choose(request: HttpRequest, contract: str, batch: int) -> HttpResponse:
    viewer, found = _batch_of(request, contract, batch)
    if not preview.is_waiting(found):
        return redirect("import-batch", contract=contract, batch=batch)
    seen = _built(viewer, found)
    data = request.POST if request.method == "POST" else None
    form = TidyForm(data, seen=seen, asked=[*seen.plan.asked, *seen.answered])
    if request.method == "POST" and form.is_valid():
        benchmark_batches.choose(by=viewer, batch=found, mapping=form.mapping(seen.mapping))
        return redirect("import-benchmarks-preview", contract=contract, batch=batch)
    context = _frame(viewer, found) | {
        "form": form,
        "lacks": seen.file.lacks,
        # Before anything was chosen, what is missing is everything.
        "missing": seen.plan.missing if seen.choice.source else (),
        "asked": seen.plan.asked,
        "told": seen.book.told,
        "remembered": preview.remembered_for(seen.book, seen.mapping, viewer),
    }
    return render(request, "measures/import_benchmarks.html", context, status=422 if form.errors else 200)


def preview_page(request: HttpRequest, contract: str, batch: int) -> HttpResponse:
    viewer, found = _batch_of(request, contract, batch)
    if not preview.is_waiting(found):
        return redirect("import-batch", contract=contract, batch=batch)
    if request.method == "POST":
        try:
            return _confirm(request, viewer, found)
        except WrongState as denied:
            return to_its_batch(viewer, found, denied)
    seen = _built(viewer, found)
    if seen.plan.missing or seen.plan.asked:
        return redirect("import-benchmarks", contract=contract, batch=batch)
    return _preview_page(request, viewer, seen)


def _confirm(request: HttpRequest, viewer: Viewer, batch: ImportBatch) -> HttpResponse:
    digest = request.POST.get("digest", "")
    try:
        done = benchmark_batches.confirm(by=viewer, batch=batch, digest=digest, now=timezone.now())
    except Stale as stale:
        # What was seen is no longer so: the preview as it is now, to be looked through and confirmed anew.
        return _preview_page(request, viewer, _built(viewer, batch), status=409, moved=stale.sentence)
    number = done.counts["new"] + done.counts["changed"]
    messages.success(request, f"{counted(number, 'benchmark')} imported from {done.filename}.")
    return redirect("import-batch", contract=viewer.contract.slug, batch=batch.pk)


def _preview_page(
    request: HttpRequest, viewer: Viewer, seen: BenchmarkPreview, status: int = 200, moved: str = ""
) -> HttpResponse:
    changes = seen.counts["new"] + seen.counts["changed"]
    form = ConfirmForm(digest=seen.plan.digest, action=f"Import {counted(changes, 'benchmark')}")
    context = _frame(viewer, seen.batch) | {
        "preview": seen,
        "answer": answer(seen.counts),
        "origin": origin(seen.choice),
        "sections": sections(seen),
        "form": form,
        "changes": changes,
        "moved": moved,
        "before": preview.imported_before(seen.batch),
    }
    return render(request, "measures/import_benchmarks_preview.html", context, status=status)


def _batch_of(request: HttpRequest, contract: str, number: int) -> tuple[Viewer, ImportBatch]:
    """NotKnown for a file of another kind: its pages are elsewhere."""
    viewer = viewer_of(request.user, contract)
    check_standing(Act.IMPORT_FILES, viewer)
    batch = preview.batch_of(viewer, number)
    if batch.kind != BatchKind.BENCHMARKS:
        raise NotKnown()
    return viewer, batch


def _built(viewer: Viewer, batch: ImportBatch) -> BenchmarkPreview:
    try:
        return benchmark_preview.build(batch, viewer, now=timezone.now())
    except Unreadable as refused:
        raise WrongState(refused.sentence) from refused


def _frame(viewer: Viewer, batch: ImportBatch) -> dict:
    return contract_frame(viewer, "import") | {"viewer": viewer, "batch": batch}
