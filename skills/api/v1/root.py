"""The start of the API: where things are."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from skills.api.v1.endpoint import HubView


class Root(HubView):
    @extend_schema(responses={200: dict[str, str]})
    def get(self, request: Request) -> Response:
        """Addresses to start from."""
        names = ("me", "teams", "skills", "search", "reviews", "tokens", "audit", "schema")
        return Response({name: f"/api/v1/{name}" for name in names} | {"docs": "/docs/reference/"})
