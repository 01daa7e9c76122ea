"""Import pages: a file comes in, is read, is looked at, and is confirmed or thrown away; a batch is undone."""

from __future__ import annotations

import io
from collections.abc import Sequence

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.denial import Denied, NotKnown, Stale, WrongState
from accounts.viewer import Viewer, viewer_of

from . import benchmark_import_pages, import_pages
from .every_figure import every_figure
from .figures_csv import write
from .import_answers import to_its_batch
from .import_forms import ConfirmForm, MappingForm, UndoForm, UploadForm
from .imports import (
    batches,
    benchmark_batches,
    benchmark_preview,
    knowledge,
    preview,
    refused_xlsx,
    template_rows,
    template_xlsx,
)
from .imports.cells import Unreadable
from .imports.issues import Asked
from .imports.plan import Known
from .imports.preview import Preview
from .imports.words import answer, counted, kept_counts
from .models import ImportBatch
from .pages import contract_frame
from .policies import check_standing
from .quarters import Quarter
from .rights import RIGHTS, Act
from .terms import BatchKind, BatchState
from .writing import Invalid

A_PAGE = 25
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
TOO_LARGE = 413


def imports(request: HttpRequest, contract: str) -> HttpResponse:
    """The party's batches, and the way in for a file."""
    viewer = viewer_of(request.user, contract)
    if request.method != "POST":
        return _list_page(request, viewer, UploadForm())
    check_standing(Act.IMPORT_FILES, viewer)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _list_page(request, viewer, form, status=422)
    file, now = form.cleaned_data["file"], timezone.now()
    try:
        preview.check_room(viewer, since=now - batches.KEPT)
        batch = batches.upload(by=viewer, name=file.name, content=file.read(), now=now)
    except (Unreadable, Denied) as refused:
        form.add_error("file", refused.sentence)
        return _list_page(request, viewer, form, status=TOO_LARGE if _is_too_large(refused) else 422)
    return redirect(_next_page(batch), contract=contract, batch=batch.pk)


def _is_too_large(refused: Exception) -> bool:
    return isinstance(refused, batches.TooLarge)


def _list_page(request: HttpRequest, viewer: Viewer, form: UploadForm, status: int = 200) -> HttpResponse:
    found = preview.batches_of(viewer).select_related("by").defer("content", "mapping", "refused")
    page = Paginator(found.order_by("-uploaded_at", "-pk"), A_PAGE).get_page(request.GET.get("page"))
    context = contract_frame(viewer, "import") | {
        "viewer": viewer,
        "form": form,
        "may_import": viewer.who in RIGHTS[Act.IMPORT_FILES],
        "brings_values": viewer.who in RIGHTS[Act.LOAD_HISTORY],
        "page": page,
        "lines": [(batch, kept_counts(batch.counts), _next_page(batch)) for batch in page],
    }
    return render(request, "measures/import.html", context, status=status)


def _next_page(batch: ImportBatch) -> str:
    """The URL name of the page that a batch is at."""
    if batch.state != BatchState.UPLOADED:
        return "import-batch"
    waiting = {BatchKind.PAPER: "import-paper", BatchKind.BENCHMARKS: "import-benchmarks"}
    return waiting.get(BatchKind(batch.kind), "import-preview")


def _holds_benchmarks(batch: ImportBatch) -> bool:
    return batch.kind == BatchKind.BENCHMARKS


def _batch_of(request: HttpRequest, contract: str, number: int) -> tuple[Viewer, ImportBatch]:
    """For pages that change something."""
    viewer = viewer_of(request.user, contract)
    check_standing(Act.IMPORT_FILES, viewer)
    return viewer, preview.batch_of(viewer, number)


def _elsewhere(batch: ImportBatch, contract: str) -> HttpResponseRedirect | None:
    """To the page that the batch is at, where that is neither its mapping nor its preview."""
    name = _next_page(batch)
    return None if name == "import-preview" else redirect(name, contract=contract, batch=batch.pk)


def _built(viewer: Viewer, batch: ImportBatch) -> Preview:
    try:
        return preview.build(batch, viewer, now=timezone.now())
    except Unreadable as refused:
        raise WrongState(refused.sentence) from refused


def mapping_page(request: HttpRequest, contract: str, batch: int) -> HttpResponse:
    viewer, found = _batch_of(request, contract, batch)
    if elsewhere := _elsewhere(found, contract):
        return elsewhere
    seen = _built(viewer, found)
    form = MappingForm(
        request.POST if request.method == "POST" else None,
        book=seen.book,
        mapping=seen.mapping,
        known=seen.knowledge.known,
        asked=_questions(seen),
    )
    if request.method == "POST" and form.is_valid():
        try:
            batches.remap(by=viewer, batch=found, mapping=form.mapping)
        except WrongState:
            raise
        except Denied as refused:
            form.add_error(None, refused.sentence)
        else:
            name = "import-preview" if "preview" in request.POST else "import-mapping"
            return redirect(name, contract=contract, batch=batch)
    context = contract_frame(viewer, "import") | {
        "viewer": viewer,
        "batch": found,
        "form": form,
        "missing": seen.missing,
        "asked": seen.plan.asked,
        "told": [sentence for sentence in seen.plan.told if sentence not in seen.missing],
        "remembered": preview.remembered_for(seen.book, seen.mapping, viewer),
        "answer": "" if seen.missing or seen.plan.asked else answer(seen.counts),
    }
    return render(request, "measures/import_mapping.html", context, status=422 if form.errors else 200)


def _questions(seen: Preview) -> list[Asked]:
    """Those that are open, then those answered before, so that an answer can be changed."""
    return [*seen.plan.asked, *preview.answered(seen)]


def preview_page(request: HttpRequest, contract: str, batch: int) -> HttpResponse:
    viewer, found = _batch_of(request, contract, batch)
    if elsewhere := _elsewhere(found, contract):
        return elsewhere
    if request.method == "POST":
        return _confirm(request, viewer, found)
    seen = _built(viewer, found)
    if seen.missing or seen.plan.asked:
        return redirect("import-mapping", contract=contract, batch=batch)
    return _preview_page(request, viewer, seen, _confirm_form(seen))


def _confirm_form(seen: Preview, data=None) -> ConfirmForm:
    number = seen.counts["new"] + seen.counts["changed"]
    return ConfirmForm(
        data,
        digest=seen.plan.digest,
        needs_tick=seen.needs_tick,
        asks_reason=seen.asks_reason,
        needing=sum(item.needs_reason for item in seen.plan.items),
        action=f"Import {counted(number, 'value')}",
    )


def _confirm(request: HttpRequest, viewer: Viewer, batch: ImportBatch) -> HttpResponse:
    errors: dict[str, str] = {}
    try:
        done = batches.confirm(
            by=viewer,
            batch=batch,
            digest=request.POST.get("digest", ""),
            reason=request.POST.get("reason", ""),
            accepted=bool(request.POST.get("accepted")),
            now=timezone.now(),
        )
    except Stale as stale:
        return _again(request, viewer, batch, moved=stale.sentence)
    except WrongState as denied:
        return to_its_batch(viewer, batch, denied)
    except Invalid as invalid:
        errors = invalid.errors
    else:
        number = done.counts["new"] + done.counts["changed"]
        messages.success(request, f"{counted(number, 'value')} imported from {done.filename}.")
        return redirect("import-batch", contract=viewer.contract.slug, batch=batch.pk)
    seen = _built(viewer, batch)
    form = _confirm_form(seen, request.POST)
    form.is_valid()
    for name, message in errors.items():
        if name not in form.errors:
            form.add_error(name if name in form.fields else None, message)
    return _preview_page(request, viewer, seen, form, status=422)


def _again(request: HttpRequest, viewer: Viewer, batch: ImportBatch, *, moved: str) -> HttpResponse:
    """What was seen is no longer so: the preview as it is now, to be looked through and confirmed anew."""
    seen = _built(viewer, batch)
    if seen.missing or seen.plan.asked:
        return redirect("import-mapping", contract=viewer.contract.slug, batch=batch.pk)
    return _preview_page(request, viewer, seen, _confirm_form(seen), status=409, moved=moved)


def _preview_page(
    request: HttpRequest, viewer: Viewer, seen: Preview, form: ConfirmForm, status: int = 200, moved: str = ""
) -> HttpResponse:
    context = contract_frame(viewer, "import") | {
        "viewer": viewer,
        "batch": seen.batch,
        "preview": seen,
        "answer": answer(seen.counts),
        "sections": import_pages.sections(seen.plan, seen.knowledge.known),
        "form": form,
        "changes": seen.counts["new"] + seen.counts["changed"],
        "moved": moved,
        "before": preview.imported_before(seen.batch),
        "remembered": preview.remembered_for(seen.book, seen.mapping, viewer),
    }
    return render(request, "measures/import_preview.html", context, status=status)


def discard(request: HttpRequest, contract: str, batch: int) -> HttpResponse:
    viewer, found = _batch_of(request, contract, batch)
    batches.discard(by=viewer, batch=found)
    messages.success(request, f"{found.filename} is thrown away. Nothing of it was imported.")
    return redirect("import", contract=contract)


def batch_page(request: HttpRequest, contract: str, batch: int) -> HttpResponse:
    """For everybody of the party, its director included."""
    viewer = viewer_of(request.user, contract)
    found = preview.batch_of(viewer, batch)
    may_import = viewer.who in RIGHTS[Act.IMPORT_FILES]
    if found.state == BatchState.UPLOADED and may_import:
        return redirect(_next_page(found), contract=contract, batch=batch)
    changes = found.changes.select_related("series").order_by("series", "start", "pk")
    page = Paginator(changes, import_pages.SHOWN).get_page(request.GET.get("page"))
    context = contract_frame(viewer, "import") | {
        "viewer": viewer,
        "batch": found,
        "counts": kept_counts(found.counts),
        "page": page,
        "rows": (benchmark_import_pages if _holds_benchmarks(found) else import_pages).changed_rows(page),
        "may_undo": may_import and found.state == BatchState.CONFIRMED,
    }
    return render(request, "measures/import_batch.html", context)


def undo(request: HttpRequest, contract: str, batch: int) -> HttpResponse:
    viewer, found = _batch_of(request, contract, batch)
    if found.state != BatchState.CONFIRMED:
        return redirect(_next_page(found), contract=contract, batch=batch)
    is_public = _holds_benchmarks(found)
    would = benchmark_import_pages.undoing(found) if is_public else import_pages.undoing(viewer, found)
    form = UndoForm(request.POST if request.method == "POST" else None, asks_reason=would.asks_reason)
    if request.method == "POST" and form.is_valid():
        done = (
            benchmark_batches.undo(by=viewer, batch=found, now=timezone.now())
            if is_public
            else batches.undo(by=viewer, batch=found, now=timezone.now(), reason=form.cleaned_data.get("reason", ""))
        )
        messages.success(request, f"The import of {done.filename} is undone.")
        return redirect("import-batch", contract=contract, batch=batch)
    context = contract_frame(viewer, "import") | {
        "viewer": viewer,
        "batch": found,
        "would": would,
        "form": form,
    }
    return render(request, "measures/import_undo.html", context, status=422 if form.errors else 200)


def refused(request: HttpRequest, contract: str, batch: int) -> HttpResponse:
    """For everybody of the party who may see the batch."""
    viewer = viewer_of(request.user, contract)
    found = preview.batch_of(viewer, batch)
    if found.state == BatchState.UPLOADED:
        check_standing(Act.IMPORT_FILES, viewer)
        if found.kind == BatchKind.PAPER:
            raise NotKnown()
    source = benchmark_preview if _holds_benchmarks(found) and preview.is_waiting(found) else preview
    try:
        rows = source.refused_of(found, viewer, now=timezone.now())
    except Unreadable as unreadable:
        raise WrongState(unreadable.sentence) from unreadable
    return _attachment(f"refused-rows-{batch}.xlsx", XLSX, refused_xlsx.workbook(rows))


def template_xlsx_file(request: HttpRequest, contract: str) -> HttpResponse:
    viewer, known, quarter = _for_template(request, contract)
    content = template_xlsx.workbook(known, [quarter], title=viewer.contract.title)
    return _attachment(f"{contract}-template-{quarter.code}.xlsx", XLSX, content)


def template_csv_file(request: HttpRequest, contract: str) -> HttpResponse:
    _, known, quarter = _for_template(request, contract)
    out = io.StringIO()
    template_rows.write_csv(out, known, [quarter])
    return _attachment(f"{contract}-template-{quarter.code}.csv", CSV, _for_excel(out))


def _for_template(request: HttpRequest, contract: str) -> tuple[Viewer, Sequence[Known], Quarter]:
    """The series, and the quarter asked for: the latest that takes values where none is named."""
    viewer = viewer_of(request.user, contract)
    check_standing(Act.IMPORT_FILES, viewer)
    found = knowledge.of(viewer, now=timezone.now())
    named = request.GET.get("quarter")
    if named is None:
        return viewer, found.known, found.quarter_to_fill
    try:
        quarter = Quarter.parse(named)
    except ValueError:
        raise NotKnown(f"“{named}” is not a quarter such as 2018-Q2.") from None
    return viewer, found.known, quarter


def figures_csv(request: HttpRequest, contract: str) -> HttpResponse:
    """Every figure of the contract that the viewer may see."""
    viewer = viewer_of(request.user, contract)
    out = io.StringIO()
    write(out, every_figure(viewer))
    return _attachment(f"{contract}-figures.csv", CSV, _for_excel(out))


def _for_excel(out: io.StringIO) -> bytes:
    """Excel reads UTF-8 only after a byte order mark."""
    return ("\ufeff" + out.getvalue()).encode()


def _attachment(name: str, kind: str, content: bytes) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
