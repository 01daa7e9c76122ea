from allauth.account import views as allauth_views
from django.urls import path

from . import account_views, first_run_views, invitation_views, oidc_views, people_views, set_up_views, views
from . import second_factor_views as factor_views

urlpatterns = [
    path("sign-in/", views.SignInView.as_view(), name="account_login"),
    path("sign-out/", allauth_views.logout, name="account_logout"),
    path("no-access/", allauth_views.account_inactive, name="account_inactive"),
    path("password/", views.PasswordChangeView.as_view(), name="account_change_password"),
    path("confirm/", allauth_views.reauthenticate, name="account_reauthenticate"),
    path("", account_views.account, name="account"),
    path("sign-out-everywhere/", account_views.sign_out_everywhere, name="sign-out-everywhere"),
    path("password/reset/", views.ask_reset, name="password-reset"),
    path("password/reset/sent/", views.reset_sent, name="password-reset-sent"),
    path("password/reset/new/", views.reset_new, name="password-reset-new"),
    path("second-factor/", factor_views.index, name="mfa_index"),
    path("second-factor/set-up/", factor_views.ActivateView.as_view(), name="mfa_activate_totp"),
    path("second-factor/turn-off/", factor_views.deactivate, name="mfa_deactivate_totp"),
    path("second-factor/recovery-codes/", factor_views.recovery_codes, name="mfa_view_recovery_codes"),
    path("second-factor/recovery-codes/new/", factor_views.new_recovery_codes, name="mfa_generate_recovery_codes"),
    path("sign-in/code/", factor_views.SignInCodeView.as_view(), name="mfa_authenticate"),
    path("confirm/code/", factor_views.ConfirmCodeView.as_view(), name="mfa_reauthenticate"),
    path("organisation/sign-in/", oidc_views.sign_in, name="oidc-sign-in"),
    path("organisation/connect/", oidc_views.connect, name="oidc-connect"),
    path("organisation/disconnect/", oidc_views.disconnect, name="oidc-disconnect"),
    path("organisation/back/", oidc_views.callback, name="oidc-callback"),
    path("demo-sign-in/", views.demo_sign_in, name="demo-sign-in"),
    path("invitation/<str:uid>/<str:token>/", invitation_views.invitation, name="invitation"),
    path("first-administrator/", first_run_views.first_administrator, name="first-administrator"),
]

# Below /set-up/.
set_up_patterns = [
    path("", set_up_views.set_up, name="set-up"),
    path("organisations/", set_up_views.organisations, name="organisations"),
    path("organisations/add/", set_up_views.organisation_add, name="organisation-add"),
    path("organisations/<int:organisation>/", set_up_views.organisation_change, name="organisation-change"),
    path("contracts/add/", set_up_views.contract_add, name="contract-add"),
    path("people/", people_views.people_list, name="people"),
    path("people/administrator/", people_views.administrator_add, name="people-administrator"),
    path("people/<int:person>/", people_views.person, name="person"),
    path("people/<int:person>/act/", people_views.person_act, name="person-act"),
    path("people/<int:person>/link/", people_views.person_invitation, name="person-invitation"),
]
