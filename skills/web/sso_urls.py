"""Addresses of single sign-on; they exist where a provider is configured."""

from django.urls import include, path

from skills.web.views import sso

urlpatterns = [
    path("confirm/", sso.confirm, name="sso-confirm"),
    path("confirmed/", sso.confirmed, name="sso-confirmed"),
    path("", include("allauth.socialaccount.urls")),
    path("<slug:provider_id>/login/", sso.login, name="openid_connect_login"),
    path("<slug:provider_id>/login/callback/", sso.callback, name="openid_connect_callback"),
]
