"""A contract as a workbook: the template, what is held, and bringing one in by upload, preview and confirmation.

Nothing of a file is kept before the confirmation: the preview carries what was read, signed, and sends it back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.denial import Invalid, Stale, WrongState
from accounts.set_up_pages import frame
from accounts.viewer import viewer_of
from measures.import_pages import IssueRow
from measures.imports.cells import Unreadable
from measures.imports.issues import Issue
from measures.imports.kinds import safe_name
from measures.policies import check_standing
from measures.rights import Act

from .contract_books import building, examples, holding, loading, planning, writing
from .contract_books.opening import Opened, TooLarge, open_file
from .contract_books.planning import SHOWN, Plan
from .workbook_forms import WorkbookForm

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEMPLATE_NAME = "contract-template.xlsx"
SALT = "workflow.workbook_views"
DAY = 24 * 60 * 60
# A form may be 1 MB; what is read of a workbook is a tenth of that for 300 measures.
MOST_CARRIED = 900_000
TOO_OLD = (
    "The preview was made over a day ago, before an update, or not by you. Choose the file again; nothing was stored."
)
TOO_MUCH = (
    "This is more than a page can carry. Bring it in with the command load_contract, which takes any number of rows."
)
MEND = "Correct it in the file, and choose the file once more."
NOT_STORED = "Nothing can be stored yet"


def workbook(request: HttpRequest) -> HttpResponse:
    crumbs = [("Set-up", reverse("set-up")), ("From a workbook", reverse("contract-workbook"))]
    context = frame(request, "set-up") | {"crumbs": crumbs}
    if request.method != "POST":
        return _upload_page(request, context, WorkbookForm())
    if "carried" in request.POST:
        return _confirm(request, context)
    form = WorkbookForm(request.POST, request.FILES)
    if not form.is_valid():
        return _upload_page(request, context, form, status=422)
    file = form.cleaned_data["file"]
    name = safe_name(file.name)
    try:
        opened = open_file(name, file.read())
        _check_held(request, opened.plan)
        carried = _carried(request, name, opened) if opened.plan and not opened.refused else ""
    except Unreadable as unreadable:
        form.add_error("file", unreadable.sentence)
        return _upload_page(request, context, form, status=413 if isinstance(unreadable, TooLarge) else 422)
    said = {"name": name, "answer": _answer(opened), "told": opened.told, "carried": carried, "plan": opened.plan}
    said |= {"refused": _told(opened.refused), "warned": _told(opened.warnings), "form": WorkbookForm()}
    return render(request, "workflow/workbook_preview.html", context | said, status=422 if opened.refused else 200)


def _check_held(request: HttpRequest, plan: Plan | None) -> None:
    """SecondFactorNeeded where the workbook is of a contract that is held here and asks for one."""
    if plan is not None and plan.held is not None:
        viewer_of(request.user, plan.held.slug)


def _answer(opened: Opened) -> str:
    number = len(opened.refused)
    if number:
        return f"{NOT_STORED}: {'one thing is' if number == 1 else f'{number} things are'} to mend in the file first"
    return opened.plan.answer


@dataclass(frozen=True)
class Told:
    """The first of many issues."""

    rows: list[IssueRow]
    count: int

    @property
    def number(self) -> str:
        return f"{self.count:,}"

    @property
    def more(self) -> str:
        left = self.count - len(self.rows)
        return f"{left:,}" if left else ""

    def __bool__(self) -> bool:
        return self.count > 0


def _told(issues: list[Issue]) -> Told:
    rows = [
        IssueRow(
            f"{issue.sheet}, row {issue.row}" if issue.row else issue.sheet,
            issue.column,
            issue.read,
            issue.why,
            issue.remedy,
        )
        for issue in issues[:SHOWN]
    ]
    return Told(rows, len(issues))


def _upload_page(request: HttpRequest, context: dict, form: WorkbookForm, status: int = 200) -> HttpResponse:
    return render(request, "workflow/workbook.html", context | {"form": form}, status=status)


# From the preview to the confirmation


def _carried(request: HttpRequest, name: str, opened: Opened) -> str:
    """What was read, signed for this person. Unreadable where it is more than a form takes."""
    plan = opened.plan
    assert plan is not None
    return _signed(request, {"name": name, "sha256": opened.sha256}, plan)


def _signed(request: HttpRequest, file: dict[str, Any], plan: Plan) -> str:
    said = {**file, "by": request.user.pk, "digest": plan.digest, "book": building.as_json(plan.book)}
    said["columns"] = building.columns()
    carried = signing.dumps(said, salt=SALT, compress=True)
    if len(carried) > MOST_CARRIED:
        raise Unreadable(TOO_MUCH)
    return carried


def _confirm(request: HttpRequest, context: dict) -> HttpResponse:
    try:
        said = signing.loads(request.POST["carried"], salt=SALT, max_age=DAY)
    except signing.BadSignature:
        said = {}
    if said.get("by") != request.user.pk or said.get("columns") != building.columns():
        return _upload_page(request, context | {"lost": TOO_OLD}, WorkbookForm(), status=422)
    book = building.from_json(said["book"])
    file = {"name": said["name"], "sha256": said["sha256"]}
    _check_held(request, planning.plan(book))
    try:
        made = loading.load_contract(
            by=request.user, book=book, digest=said["digest"], sha256=said["sha256"], now=timezone.now()
        )
    except Stale as stale:
        return _moved(request, context, planning.plan(book), file, stale.sentence)
    except Invalid as invalid:
        return _upload_page(request, context | {"lost": f"{invalid} {MEND}"}, WorkbookForm(), status=422)
    counts = planning.counts_in_words(book)
    messages.success(request, f"{made.title} was set up from {said['name']}: {counts}.")
    return redirect("contract-set-up", contract=made.slug)


def _moved(request: HttpRequest, context: dict, plan: Plan, file: dict[str, Any], sentence: str) -> HttpResponse:
    """The preview as it is now; where something is refused now, the file has to be mended."""
    refused = list(plan.issues)
    said = {
        "name": file["name"],
        "moved": sentence,
        "answer": f"{NOT_STORED}: the file and what is held here do not go together" if refused else plan.answer,
        "plan": plan,
        "carried": "" if refused else _signed(request, file, plan),
        "refused": _told(refused),
        "warned": _told([]),
        "told": (),
        "form": WorkbookForm(),
    }
    return render(request, "workflow/workbook_preview.html", context | said, status=409)


# Files


def template(request: HttpRequest) -> HttpResponse:
    frame(request, "set-up")
    return _attachment(TEMPLATE_NAME, writing.template(examples.BOOK))


def download(request: HttpRequest, contract: str) -> HttpResponse:
    """The contract as it is."""
    viewer = viewer_of(request.user, contract)
    check_standing(Act.SET_UP, viewer)
    try:
        content = writing.workbook(holding.book_of(viewer.contract))
    except ValueError as error:
        raise WrongState(str(error)) from error
    return _attachment(f"{contract}-contract.xlsx", content)


def _attachment(name: str, content: bytes) -> HttpResponse:
    return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})
