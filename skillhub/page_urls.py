"""The addresses that load fast: pages and other people's protocols. `skillhub.urls` has all.

`skills.http.routes` answers from these where the path allows it, so that the first page of a fresh
server need not wait for REST framework, the schema generator and the two-factor library.
"""

from django.urls import include, path

from skills.http import converters as _converters

assert _converters  # registers <handle:>, <skill:>, <number:>, <file:>

handler400 = "skills.web.errors.bad_request"
handler403 = "skills.web.errors.forbidden"
handler404 = "skills.web.errors.not_found"
handler500 = "skills.web.errors.server_error"

urlpatterns = [
    path("", include("skills.protocols.agent_skills.urls")),
    path("", include("skills.protocols.marketplace.urls")),
    path("", include("skills.protocols.mcp.urls")),
    path("", include("skills.protocols.clawhub.urls")),
    path("account/", include("allauth.account.urls")),
    path("account/sessions/", include("allauth.usersessions.urls")),
    path("", include("skills.web.urls")),
]
