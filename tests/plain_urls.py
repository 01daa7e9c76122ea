"""Addresses for the tests of the middleware, beside those of signing in."""

from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import HttpResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from accounts import denial
from accounts.urls import set_up_patterns
from perfmon.health import healthz
from perfmon.policy import Page
from perfmon.public_pages import public_patterns
from perfmon.session_page import session

ROWS = {
    "home": Page(get="read", post=None),
    "write": Page(get=None, post="write"),
    "open": Page(get="read", post="write", public=True),
    "raise": Page(get="read", post="write", public=True),
    "api-raise": Page(get="read", post=None),
    "meanwhile": Page(get="read", post="write"),
    "api-meanwhile": Page(get="read", post="write"),
}
KINDS = {
    "denied": denial.Denied("Only the council’s director publishes."),
    "unknown": denial.NotKnown(),
    "state": denial.WrongState("The quarter is not open."),
    "stale": denial.Stale("Somebody saved at 14:32."),
    "published": denial.Published("Q1 2018/19 is published."),
    "permission": PermissionDenied(),
    "database": OperationalError("gone"),
    "fault": RuntimeError("broken"),
}


def plain(request):
    return HttpResponse(f"hello {request.user}")


def fail(request, kind):
    raise KINDS[kind]


def meanwhile(request):
    """Stores something in the session, which another request has ended."""
    Session.objects.all().delete()
    request.session["stored"] = True
    return HttpResponse("stored")


urlpatterns = [
    path("", plain, name="home"),
    path("write/", plain, name="write"),
    path("open/", csrf_exempt(plain), name="open"),
    path("without-row/", plain, name="without-row"),
    path("raise/<kind>/", fail, name="raise"),
    path("api/raise/<kind>/", fail, name="api-raise"),
    path("meanwhile/", meanwhile, name="meanwhile"),
    path("api/meanwhile/", meanwhile, name="api-meanwhile"),
    path("healthz", healthz, name="healthz"),
    path("accounts/session/", session, name="session"),
    path("accounts/", include("accounts.urls")),
    path("set-up/", include(set_up_patterns)),
    path("", include(public_patterns)),
]

# As in perfmon.urls.
handler400 = "perfmon.errors.bad_request"
handler403 = "perfmon.errors.forbidden"
handler404 = "perfmon.errors.not_found"
handler429 = "perfmon.errors.too_many"
handler500 = "perfmon.errors.server_error"
