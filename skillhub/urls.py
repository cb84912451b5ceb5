"""All addresses. API, protocols and pages keep theirs in files of their own."""

from django.conf import settings
from django.urls import include, path

from skills.http.converters import register_converters

# Before the first include: the included files use <handle:>, <skill:>, <number:> and <file:>.
register_converters()

handler400 = "skills.web.errors.bad_request"
handler403 = "skills.web.errors.forbidden"
handler404 = "skills.web.errors.not_found"
handler500 = "skills.web.errors.server_error"

# The provider's app is installed only where a provider is configured; its addresses need it.
sso_urls = [path("sso/", include("skills.web.sso_urls"))] if settings.SSO_ISSUER else []

# `skills.web.urls` has account/ and account/tokens/ too; no address is in both.
account_urls = [
    *sso_urls,
    path("two-factor/", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
    path("", include("allauth.account.urls")),
]

# Django tries them in turn: what is asked most often stands before the eighty of the protocols.
urlpatterns = [
    path("api/v1/", include("skills.api.v1.urls")),
    path("", include("skills.web.urls")),
    path("account/", include(account_urls)),
    path("", include("skills.protocols.urls")),
]
