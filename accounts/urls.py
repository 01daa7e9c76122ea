from allauth.account import views as allauth_views
from django.urls import path

from . import views

urlpatterns = [
    path("sign-in/", views.SignInView.as_view(), name="account_login"),
    path("sign-out/", allauth_views.logout, name="account_logout"),
    path("no-access/", allauth_views.account_inactive, name="account_inactive"),
    path("password/", views.PasswordChangeView.as_view(), name="account_change_password"),
    path("confirm/", allauth_views.reauthenticate, name="account_reauthenticate"),
    path("demo-sign-in/", views.demo_sign_in, name="demo-sign-in"),
]
