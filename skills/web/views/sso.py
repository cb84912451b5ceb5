"""Single sign-on: to the provider and back, and confirming there that it is still the same person."""

from collections.abc import Iterator
from contextlib import contextmanager

from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.openid_connect import views
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET
from requests import RequestException

from skills.http.actors import HubRequest
from skills.lib.errors import Unavailable, refuse
from skills.lib.redirects import is_local
from skills.people import rules
from skills.web.allauth_internals import resume_request
from skills.web.reauthentication import signed_in_recently


@contextmanager
def _reaching_the_provider() -> Iterator[None]:
    try:
        yield
    except RequestException as error:
        raise refuse(
            "sso_away",
            "The sign-in provider cannot be reached.",
            "Try again, or sign in with a password.",
            kind=Unavailable,
        ) from error


def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Lead to the provider."""
    with _reaching_the_provider():
        answer: HttpResponse = views.login(request, provider_id)
    return answer


def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Where the provider sends people back to."""
    with _reaching_the_provider():
        answer: HttpResponse = views.callback(request, provider_id)
    return answer


@require_GET
def confirm(request: HubRequest) -> HttpResponse:
    """Somebody without a password shows at the provider that it is still them."""
    rules.person(request.actor)
    wanted = request.GET.get("next", "")
    back = urlencode({"next": wanted if is_local(wanted) else reverse("home")})
    query = {
        "process": AuthProcess.REDIRECT,
        "auth_params": "prompt=login",
        "next": f"{reverse('sso-confirmed')}?{back}",
    }
    there = reverse("openid_connect_login", kwargs={"provider_id": "sso"})
    return render(request, "people/confirm.html", {"there": f"{there}?{urlencode(query)}"})


@require_GET
def confirmed(request: HubRequest) -> HttpResponse:
    """Go on with the request that was interrupted."""
    rules.person(request.actor)
    # The address alone proves nothing: somebody may have typed it.
    if not signed_in_recently(request):
        return redirect("home")
    resumed: HttpResponse | None = resume_request(request)
    return resumed or redirect("home")
