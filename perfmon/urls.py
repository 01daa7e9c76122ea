from django.contrib import admin
from django.urls import include, path, register_converter

from measures.converters import PeriodConverter, QuarterConverter
from perfmon.health import healthz

register_converter(QuarterConverter, "quarter")
register_converter(PeriodConverter, "period")

urlpatterns = [
    path("", include("commentary.urls")),
    path("", include("measures.urls")),
    path("", include("workflow.urls")),
    path("api/v1/", include("perfmon.api")),
    path("healthz", healthz, name="healthz"),
    path("accounts/", include("accounts.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "perfmon.errors.bad_request"
handler403 = "perfmon.errors.forbidden"
handler404 = "perfmon.errors.not_found"
handler429 = "perfmon.errors.too_many"
handler500 = "perfmon.errors.server_error"
