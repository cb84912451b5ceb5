"""All addresses: the API, other people's protocols, sign-in, the pages."""

from django.urls import include, path

from skills.http import converters as _converters

assert _converters  # registers <handle:>, <skill:>, <number:>, <file:>

handler400 = "skills.web.refusals.bad_request"
handler403 = "skills.web.refusals.forbidden"
handler404 = "skills.web.refusals.not_found"
handler500 = "skills.web.refusals.server_error"

urlpatterns = [
    path("api/v1/", include("skills.api.v1.urls")),
    path("", include("skills.protocols.agent_skills.urls")),
    path("", include("skills.protocols.marketplace.urls")),
    path("", include("skills.protocols.mcp.urls")),
    path("", include("skills.protocols.clawhub.urls")),
    path("account/", include("allauth.account.urls")),
    path("account/two-factor/", include("allauth.mfa.urls")),
    path("account/sessions/", include("allauth.usersessions.urls")),
    path("", include("skills.web.urls")),
]
