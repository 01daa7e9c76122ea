"""How long the reader's session lasts, for the page that warns before it ends. A GET does not prolong it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache


@never_cache
def session(request: HttpRequest) -> HttpResponse:
    """{"seconds", "latest": until the end, and until the end that nothing puts off; "person": who is signed in;
    "token": for the forms of that person's page}. A POST stays signed in; without a script it leads home."""
    if request.method == "POST" and request.headers.get("Accept") != "application/json":
        messages.success(request, "You stay signed in.")
        return redirect("home")
    # What the middleware has just counted.
    told = {"seconds": request.session_seconds, "latest": request.session_latest}
    return JsonResponse(told | {"person": str(request.user.pk), "token": get_token(request)})
