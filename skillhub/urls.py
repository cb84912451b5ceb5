"""All addresses: the API and two-factor sign-in, then those of `page_urls`."""

from django.conf import settings
from django.urls import include, path

from skillhub.page_urls import handler400, handler403, handler404, handler500
from skillhub.page_urls import urlpatterns as pages

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [
    path("api/v1/", include("skills.api.v1.urls")),
    path("account/two-factor/", include("allauth.mfa.urls")),
    *pages,
]
if settings.SSO_ISSUER:
    urlpatterns.insert(0, path("account/sso/", include("skills.web.sso_urls")))
