"""The second factor: setting it up, its recovery codes, the step while signing in, taking it away."""

from __future__ import annotations

import time

from allauth.account.adapter import get_adapter
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY, get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import get_next_redirect_url
from allauth.core.ratelimit import respond_429
from allauth.mfa.base import views as code_views
from allauth.mfa.recovery_codes.internal.flows import generate_recovery_codes
from allauth.mfa.totp import views as totp_views
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from . import credentials, people, second_factor
from .confirming import confirmed
from .own_session import stay_signed_in

# So long after they were made the codes can be seen, in the session that made them; afterwards never.
CODES_SHOWN_SECONDS = 10 * 60
SHOWN_UNTIL = "recovery_codes_shown_until"
CODES_TEXT = (
    "Recovery codes for perfmon, {email}\nEach works once, in place of the code from the telephone.\n\n{codes}\n"
)


def index(request: HttpRequest) -> HttpResponse:
    """Whether one has a second factor, and what to do about it; with `next`, what to do to get there."""
    held = second_factor.held_by(request.user)
    codes = held.get("recovery_codes")
    context = {
        "factor": held.get("totp"),
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else 0,
        "next": get_next_redirect_url(request) or "",
        "passed": request.user.passed_second_factor,
    }
    return render(request, "mfa/index.html", context)


class _CodeStep:
    def form_invalid(self, form) -> HttpResponse:
        if form.has_error("code", "too_many_login_attempts") or form.has_error("code", "rate_limited"):
            return respond_429(self.request)
        return super().form_invalid(form)


class SignInCodeView(_CodeStep, code_views.AuthenticateView):
    def _build_forms(self):
        data = self.request.POST if self.request.method == "POST" else None
        self.auth_form = self.get_form_class()(user=self.stage.login.user, data=data)
        self.webauthn_form = None
        return self.auth_form


class ConfirmCodeView(_CodeStep, code_views.ReauthenticateView):
    def form_valid(self, form) -> HttpResponse:
        # What the session may open from here on, its old key shall not.
        self.request.session.cycle_key()
        return super().form_valid(form)


@method_decorator(confirmed, name="dispatch")
class ActivateView(_CodeStep, totp_views.ActivateTOTPView):
    def get_context_data(self, **kwargs) -> dict:
        context = super().get_context_data(**kwargs)
        secret = context["form"].secret
        context["secret"] = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
        context["next"] = get_next_redirect_url(self.request) or ""
        return context

    def form_valid(self, form) -> HttpResponse:
        with transaction.atomic():
            response = super().form_valid(form)
            # They began with less than is asked for from now on.
            people.end_sessions(by=self.request.user, user=self.request.user)
        stay_signed_in(self.request)
        # Whoever has just given a code has passed.
        record_authentication(self.request, self.request.user, "mfa", type="totp")
        _show_codes(self.request)
        return response

    def get_success_url(self) -> str:
        goes = get_next_redirect_url(self.request)
        return reverse("mfa_view_recovery_codes") + (f"?{urlencode({'next': goes})}" if goes else "")


@never_cache
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """The codes, for a few minutes after they were made; as a file with `file` in the address."""
    held = second_factor.held_by(request.user).get("recovery_codes")
    if held is None or request.session.get(SHOWN_UNTIL, 0) < time.time():
        return redirect("mfa_index")
    codes = held.wrap().get_unused_codes()
    if "file" in request.GET:
        text = CODES_TEXT.format(email=request.user.email, codes="\n".join(codes))
        return HttpResponse(
            text,
            content_type="text/plain; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="perfmon-recovery-codes.txt"'},
        )
    goes = get_next_redirect_url(request) or reverse("mfa_index")
    return render(request, "mfa/recovery_codes.html", {"codes": codes, "next": goes})


@confirmed
def new_recovery_codes(request: HttpRequest) -> HttpResponse:
    """New codes in place of the old ones."""
    if "totp" not in second_factor.held_by(request.user):
        return redirect("mfa_index")
    if request.method == "POST":
        generate_recovery_codes(request)
        _show_codes(request)
        return redirect("mfa_view_recovery_codes")
    return render(request, "mfa/new_recovery_codes.html")


@confirmed
def deactivate(request: HttpRequest) -> HttpResponse:
    """Take one's own second factor away. All other sessions end."""
    if "totp" not in second_factor.held_by(request.user):
        return redirect("mfa_index")
    if request.method != "POST":
        return render(request, "mfa/deactivate.html")
    credentials.remove_second_factor(by=request.user, user=request.user, now=timezone.now())
    records = get_authentication_records(request, request.user)
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = [each for each in records if each.get("method") != "mfa"]
    stay_signed_in(request)
    get_adapter(request).add_message(request, messages.SUCCESS, "mfa/messages/totp_deactivated.txt")
    return redirect("mfa_index")


def _show_codes(request: HttpRequest) -> None:
    request.session[SHOWN_UNTIL] = time.time() + CODES_SHOWN_SECONDS
