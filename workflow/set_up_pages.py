"""What the pages of set-up share: who may, where one stands, and how a form is answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

from crispy_forms.layout import Hidden
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.denial import NotKnown, Stale
from accounts.set_up_pages import number_in, typed, version_in, with_version
from accounts.viewer import Viewer, viewer_of
from measures.catalogue_held import STALE
from measures.models import Cycle, Measure, Series
from measures.pages import contract_frame
from measures.policies import check_standing
from measures.recording import Invalid
from measures.rights import Act
from measures.set_up_fields import SetUpForm

T = TypeVar("T")
GONE = "This is not held any more: somebody may have removed it."


class Link(NamedTuple):
    label: str
    url: str


class Page(NamedTuple):
    """What stands around a form. `back` is where Cancel leads; `said` are sentences above the form, `facts` what cannot
    be changed here, with `why` and a `remedy`. `is_refused`: there is nothing to fill in, as the sentences say."""

    heading: str
    aside: str
    back: str
    said: Sequence[str] = ()
    facts: Sequence[tuple[str, str]] = ()
    why: str = ""
    remedy: Link | None = None
    measure: Measure | None = None
    is_refused: bool = False


def setter_up(request: HttpRequest, contract: str) -> Viewer:
    """NotKnown for strangers, Denied for members."""
    viewer = viewer_of(request.user, contract)
    check_standing(Act.SET_UP, viewer)
    return viewer


def measure_at(viewer: Viewer, slug: str, sent: QueryDict | None = None) -> Measure:
    """By its address; by its number where a form that was `sent` carries it, as the address may be another by now."""
    number = -1 if sent is None else number_in(sent, "measure")
    rows = Measure.objects.filter(contract=viewer.contract)
    row = (rows.filter(slug=slug) if number < 0 else rows.filter(pk=number)).first()
    if row is None:
        raise NotKnown(GONE)
    row.contract = viewer.contract
    return row


def series_at(viewer: Viewer, number: int) -> Series:
    """By its number alone: the address of its measure may have changed while a form was filled in."""
    rows = Series.objects.select_related("measure").filter(measure__contract=viewer.contract)
    row = rows.filter(pk=number).first()
    if row is None:
        raise NotKnown(GONE)
    return row


def cycles_of(viewer: Viewer) -> list[Cycle]:
    return list(Cycle.objects.filter(contract=viewer.contract).order_by("quarter"))


def frame_of(viewer: Viewer, measure: Measure | None = None, **context) -> dict:
    """The frame, with the way up from a page of the list, or of the measure."""
    crumbs = [Link("Set-up", reverse("contract-set-up", kwargs={"contract": viewer.contract.slug}))]
    crumbs += [Link("Measures", list_url(viewer))] if context.pop("is_below", True) else []
    crumbs += [Link(measure.code, measure_url(viewer, measure))] if measure else []
    frame = contract_frame(viewer, "contract-set-up")
    return {"viewer": viewer, "crumbs": crumbs, "measure": measure, **frame, **context}


def list_url(viewer: Viewer) -> str:
    return reverse("set-up-measures", kwargs={"contract": viewer.contract.slug})


def measure_url(viewer: Viewer, measure: Measure, anchor: str = "") -> str:
    address = {"contract": viewer.contract.slug, "measure": measure.slug}
    return reverse("set-up-measure", kwargs=address) + anchor


def series_url(name: str, viewer: Viewer, row: Series) -> str:
    address = {"contract": viewer.contract.slug, "measure": row.measure.slug, "series": row.pk}
    return reverse(name, kwargs=address)


def answered(form: SetUpForm, write: Callable[[], T]) -> T | None:
    """What the write function gave; None where the form is told why not. Stale passes through."""
    if not form.is_valid():
        return None
    try:
        return write()
    except Invalid as invalid:
        form.tell(invalid.errors)
        return None


def done(request: HttpRequest, url: str, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect(url)


def form_page(request: HttpRequest, viewer: Viewer, form: SetUpForm, page: Page) -> HttpResponse:
    context = _around(viewer, form, page)
    return render(request, "measures/set_up_form.html", context, status=422 if form.errors else 200)


def conflict_page(request: HttpRequest, viewer: Viewer, form: SetUpForm, page: Page) -> HttpResponse:
    """What is held now beside what was typed; `form` has the one as its initial values and the other as its data."""
    context = _around(viewer, form, page) | {"conflict": form.differences(), "stale": STALE}
    return render(request, "measures/set_up_form.html", context, status=409)


def _around(viewer: Viewer, form: SetUpForm, page: Page) -> dict:
    if page.measure:
        form.helper.add_input(Hidden("measure", page.measure.pk))
    return frame_of(viewer, page.measure, form=form, page=page)


def edited(
    request: HttpRequest,
    viewer: Viewer,
    make: Callable[[QueryDict | None], tuple[SetUpForm, Page]],
    write: Callable[[SetUpForm, int], T],
    then: Callable[[T], tuple[str, str]],
) -> HttpResponse:
    """Opening and saving a form of something that is held. `make` reads what is held anew and gives the form of what
    was typed; `then` gives the address and the sentence once it is saved."""
    form, page = make(typed(request))
    if request.method == "POST":
        try:
            made = answered(form, lambda: write(form, version_in(request)))
        except Stale:
            fresh, _ = make(None)
            form, page = make(with_version(request, **fresh.held))
            return conflict_page(request, viewer, form, page)
        if made is not None:
            return done(request, *then(made))
    return form_page(request, viewer, form, page)
