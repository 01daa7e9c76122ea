"""Signing in and out, and a new password. allauth does the work; sign-up is closed."""

from __future__ import annotations

from allauth.account import views as allauth_views
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from . import credentials, first_run, guessing, reset
from .demo import DEMO_ACCOUNTS
from .forms import AskResetForm, ChangePasswordForm, ResetForm, SignInForm
from .models import User

RESET_LINK = "reset_link"
MAIL_AWAY = "Password reset does not work just now: try later, or ask your administrator."


class SignInView(allauth_views.LoginView):
    form_class = SignInForm

    def form_invalid(self, form) -> HttpResponse:
        if form.has_error("__all__", "too_many_login_attempts"):
            return ratelimit.respond_429(self.request)
        return super().form_invalid(form)

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | {
            "demo_accounts": DEMO_ACCOUNTS if settings.DEMO else [],
            "organisation": settings.OIDC_NAME if settings.OIDC_ISSUER else "",
            "takes_passwords": not settings.OIDC_ONLY,
            "is_without_administrator": first_run.is_needed(),
        }


class PasswordChangeView(allauth_views.PasswordChangeView):
    form_class = ChangePasswordForm

    def get_default_success_url(self) -> str:
        return reverse("account")

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.user.is_authenticated and not request.user.has_usable_password():
            messages.info(request, "Your account has no password. Your administrator can send you a link for one.")
            return redirect("account")
        return super().dispatch(request, *args, **kwargs)


@never_cache
def ask_reset(request: HttpRequest) -> HttpResponse:
    """Ask for a link for a new password. The same words, status and time whether the address is known or not."""
    form = AskResetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        if refused := ratelimit.consume_or_429(request, action="reset_password", key=email):
            return refused
        if reset.ask(email, lambda link: _reset_address(request, link)):
            return redirect("password-reset-sent")
        form.add_error(None, MAIL_AWAY)
        return render(request, "account/reset_ask.html", {"form": form}, status=503)
    return render(request, "account/reset_ask.html", {"form": form})


def _reset_address(request: HttpRequest, link: str) -> str:
    # In the query, which no log of ours holds.
    return request.build_absolute_uri(f"{reverse('password-reset-new')}?{urlencode({'link': link})}")


def reset_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "account/reset_sent.html")


@never_cache
@sensitive_post_parameters("password1", "password2")
def reset_new(request: HttpRequest) -> HttpResponse:
    """Choose a new password by a link, which goes from the address into the session at once; into none where it leads
    nowhere."""
    if refused := guessing.refusal(request):
        return refused
    brought = request.GET.get("link")
    link = request.session.get(RESET_LINK, "") if brought is None else brought[:200]
    user = reset.person_of(link)
    if user is None:
        request.session.pop(RESET_LINK, None)
        if link:
            guessing.count(request)
        return render(request, "account/reset_refused.html")
    if brought is not None:
        request.session[RESET_LINK] = link
        return redirect("password-reset-new")
    form = ResetForm(request.POST or None, user=user)
    if request.method != "POST" or not form.is_valid():
        return render(request, "account/reset_new.html", {"form": form, "person": user})
    if refused := ratelimit.consume_or_429(request, action="reset_password_from_key"):
        return refused
    credentials.reset_own_password(by=user, password=form.cleaned_data["password1"])
    # Whoever was signed in here, and the link.
    logout(request)
    record_authentication(request, user, "password_reset")
    messages.success(request, "Your password is changed. Everywhere else you are signed out.")
    return perform_login(request, Login(user=user))


def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the demo people. Outside demo mode there is nothing here."""
    account = next((a for a in DEMO_ACCOUNTS if a.key == request.POST.get("account")), None)
    if not settings.DEMO or account is None:
        raise Http404
    user = User.objects.filter(email=account.email, is_active=True).first()
    if user is None:
        raise Http404
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect(get_next_redirect_url(request) or get_adapter().get_login_redirect_url(request))
