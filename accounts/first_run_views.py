"""The page of the first administrator: there is none as soon as somebody looks after the database."""

from __future__ import annotations

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from .denial import Invalid, NotKnown
from .first_run import BAD_LINK, is_good, is_needed, make_first_administrator
from .first_run_forms import FirstAdministratorForm


@never_cache
def first_administrator(request: HttpRequest) -> HttpResponse:
    """Nothing here tells a good key from a bad one once there is an administrator."""
    if not is_needed():
        raise NotKnown()
    key = request.POST.get("key", "") if request.method == "POST" else request.GET.get("key", "")
    if not is_good(key, timezone.now()):
        raise NotKnown(BAD_LINK)
    form = FirstAdministratorForm(request.POST if request.method == "POST" else None, key=key)
    if request.method == "POST" and form.is_valid():
        typed = {name: form.cleaned_data[name] for name in ("email", "name", "password")}
        try:
            user = make_first_administrator(by=None, key=key, now=timezone.now(), **typed)
        except Invalid as invalid:
            form.tell(invalid)
        else:
            login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
            # Whoever has just chosen a password is not asked for it once more.
            record_authentication(request, user, method="password", reauthenticated=True)
            return redirect("home")
    return render(request, "accounts/first_administrator.html", {"form": form}, status=422 if form.errors else 200)
