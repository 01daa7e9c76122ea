"""Signing in and out. allauth does the work; sign-up and password reset by e-mail are closed."""

from __future__ import annotations

from allauth.account import views as allauth_views
from allauth.account.adapter import get_adapter
from allauth.account.utils import get_next_redirect_url
from allauth.core.ratelimit import respond_429
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from .demo import DEMO_ACCOUNTS
from .forms import ChangePasswordForm, SignInForm
from .models import User

BACKEND = "accounts.backend.Backend"


class SignInView(allauth_views.LoginView):
    form_class = SignInForm

    def form_invalid(self, form) -> HttpResponse:
        if form.has_error("__all__", "too_many_login_attempts"):
            return respond_429(self.request)
        return super().form_invalid(form)

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | {"demo_accounts": DEMO_ACCOUNTS if settings.DEMO else []}


class PasswordChangeView(allauth_views.PasswordChangeView):
    form_class = ChangePasswordForm


def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the demo people. Outside demo mode there is nothing here."""
    account = next((a for a in DEMO_ACCOUNTS if a.key == request.POST.get("account")), None)
    if not settings.DEMO or account is None:
        raise Http404
    user = User.objects.filter(email=account.email, is_active=True).first()
    if user is None:
        raise Http404
    login(request, user, backend=BACKEND)
    return redirect(get_next_redirect_url(request) or get_adapter().get_login_redirect_url(request))
