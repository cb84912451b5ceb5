"""What endpoints share in the OpenAPI document."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from skills.api.v1.schemas import ProblemDocument

_PROBLEM = {
    (status, "application/problem+json"): ProblemDocument
    for status in (400, 401, 403, 404, 405, 406, 429, 503)
}
PROBLEMS: dict[Any, Any] = dict(_PROBLEM)
WRITE_PROBLEMS: dict[Any, Any] = {
    **_PROBLEM,
    **{(status, "application/problem+json"): ProblemDocument for status in (409, 412, 413, 415)},
}
GONE: dict[Any, Any] = {(410, "application/problem+json"): ProblemDocument}
PAGING = [
    OpenApiParameter("cursor", description="`next` of the page before."),
    OpenApiParameter("limit", int, description="1 to 100."),
]
BYTES = OpenApiResponse(bytes, description="The exact approved bytes.")
