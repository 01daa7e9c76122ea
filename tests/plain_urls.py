"""Addresses for the tests of the middleware, beside those of signing in."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import HttpResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from accounts import denial
from perfmon.health import healthz
from perfmon.policy import Page

ROWS = {
    "home": Page(get="read", post=None),
    "write": Page(get=None, post="write"),
    "open": Page(get="read", post="write", public=True),
    "raise": Page(get="read", post=None, public=True),
    "api-raise": Page(get="read", post=None),
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


urlpatterns = [
    path("admin/", admin.site.urls),
    path("", plain, name="home"),
    path("write/", plain, name="write"),
    path("open/", csrf_exempt(plain), name="open"),
    path("without-row/", plain, name="without-row"),
    path("raise/<kind>/", fail, name="raise"),
    path("api/raise/<kind>/", fail, name="api-raise"),
    path("healthz", healthz, name="healthz"),
    path("accounts/", include("accounts.urls")),
]

# As in perfmon.urls.
handler400 = "perfmon.errors.bad_request"
handler403 = "perfmon.errors.forbidden"
handler404 = "perfmon.errors.not_found"
handler429 = "perfmon.errors.too_many"
handler500 = "perfmon.errors.server_error"
