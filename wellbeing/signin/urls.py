"""Signing in, and one's own account."""

from django.urls import path

from wellbeing.signin import account_views, views

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-in/confirm/", views.confirm, name="confirm"),
    path("sign-in/government/", views.sign_on_go, name="sign_on_go"),
    path("sign-in/government/back/", views.sign_on_back, name="sign_on_back"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("account/", account_views.account, name="account"),
    path("account/second-factor/", account_views.second_factor, name="second_factor"),
    path("account/second-factor/app/", account_views.set_up_totp, name="set_up_totp"),
    path("account/second-factor/passkey/", account_views.set_up_passkey, name="set_up_passkey"),
    path("account/second-factor/<uuid:factor>/drop/", account_views.drop_factor, name="drop_factor"),
    path("account/codes/", account_views.recovery_codes, name="recovery_codes"),
    path("account/sessions/end/", account_views.end_session, name="end_session"),
    path("account/password/", account_views.change_password, name="change_password"),
    path("account/reach/", account_views.change_reach, name="change_reach"),
    path("account/government/", views.bind_sign_on, name="bind_sign_on"),
]
