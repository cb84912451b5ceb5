"""What endpoints share in the OpenAPI document."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, inline_serializer
from rest_framework import serializers as s

from skills.api.v1.schemas import ProblemDocument
from skills.lib.pages import MOST

_PROBLEM: dict[object, object] = {
    (status, "application/problem+json"): ProblemDocument
    for status in (400, 401, 403, 404, 405, 406, 429, 503)
}
PROBLEMS: dict[object, object] = dict(_PROBLEM)
WRITE_PROBLEMS: dict[object, object] = {
    **_PROBLEM,
    **{(status, "application/problem+json"): ProblemDocument for status in (409, 412, 413, 415)},
}
GONE: dict[object, object] = {(410, "application/problem+json"): ProblemDocument}
PAGING = [
    OpenApiParameter("cursor", description="`next` of the page before."),
    OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": MOST}),
]
BYTES = OpenApiResponse(bytes, description="The exact approved bytes.")


def page_of(shape: type[s.Serializer[object]]) -> s.Serializer[object]:
    """One page of SHAPE, as `endpoint.listed` answers it."""
    name = shape.__name__.removesuffix("Shape") + "Page"
    return inline_serializer(name, {"results": shape(many=True), "next": s.CharField(allow_blank=True)})


class BearerToken(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the document names our tokens; drf-spectacular finds it by its class."""

    target_class = "skills.http.token_auth.ActorAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, object]:
        return {"type": "http", "scheme": "bearer", "description": "A token of the page Account › Tokens."}
