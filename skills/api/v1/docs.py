"""What endpoints share in the OpenAPI document."""

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from skills.api.v1.schemas import ProblemDocument

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
    OpenApiParameter("limit", int, description="1 to 100."),
]
BYTES = OpenApiResponse(bytes, description="The exact approved bytes.")
