from django.urls import include, path, register_converter

from accounts.urls import set_up_patterns
from measures.converters import PeriodConverter, QuarterConverter
from perfmon.health import healthz, readyz
from perfmon.public_pages import public_patterns
from perfmon.session_page import session

register_converter(QuarterConverter, "quarter")
register_converter(PeriodConverter, "period")

urlpatterns = [
    path("", include("commentary.urls")),
    path("", include("measures.urls")),
    path("", include("workflow.urls")),
    path("", include(public_patterns)),
    path("api/v1/", include("perfmon.api")),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("accounts/session/", session, name="session"),
    path("accounts/", include("accounts.urls")),
    path("set-up/", include(set_up_patterns)),
]

handler400 = "perfmon.errors.bad_request"
handler403 = "perfmon.errors.forbidden"
handler404 = "perfmon.errors.not_found"
handler429 = "perfmon.errors.too_many"
handler500 = "perfmon.errors.server_error"
