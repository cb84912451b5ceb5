"""The start of the API, and the answer at addresses it does not have."""

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from skills.api.v1.endpoint import HubView
from skills.lib.errors import Missing, missing, refuse

_STARTS = ("me", "teams", "skills", "search", "reviews", "tokens", "audit", "schema")


class Root(HubView):
    @extend_schema(responses={200: dict[str, str]})
    def get(self, request: Request) -> Response:
        """Addresses to start from."""
        addresses = {name: reverse(f"api-{name}") for name in _STARTS}
        return Response(addresses | {"docs": reverse("docs-api")})


@extend_schema(exclude=True)
class NoSuchAddress(HubView):
    """A problem document where Django would answer with a page."""

    def get(self, request: Request, **_: object) -> Response:
        if request._request.path_info.endswith("/"):
            text, remedy = "There is nothing at this address.", "Leave out the slash at its end."
            raise refuse("not_found", text, remedy, kind=Missing)
        raise missing()

    post = put = patch = delete = get
    options = get  # type: ignore[assignment]  # REST framework describes what is there; nothing is
