"""A benchmark that was measured elsewhere, brought to a skill over the API."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from skills.api.v1.docs import WRITE_PROBLEMS
from skills.api.v1.endpoint import HubView
from skills.api.v1.publish import ArchiveParser, Submitted, submit_staged
from skills.api.v1.versions import load_version
from skills.flows.outside_benchmarks import stage_with_benchmark
from skills.http.idempotency import once
from skills.people import rules


class BenchmarkParser(ArchiveParser):
    """The body is the file itself, read by a limited child and not here."""

    media_type = "application/json"


class VersionBenchmark(HubView):
    write_rate = "publish"
    parser_classes = [BenchmarkParser]

    @extend_schema(
        request={"application/json": dict[str, Any]},
        parameters=[
            OpenApiParameter("version", description="As 1.2.0; by default the next."),
            OpenApiParameter("changelog"),
            OpenApiParameter("Idempotency-Key", location=OpenApiParameter.HEADER),
        ],
        responses={200: Submitted, 201: Submitted, **WRITE_PROBLEMS},
    )
    def post(self, request: Request, **kwargs: str) -> HttpResponse:
        """Submit the same files with this benchmark.json among them, for review: it is somebody's word.

        It is shown as measured elsewhere and opens no gate.
        """
        version = load_version(self, kwargs)
        account = rules.scope(self.actor, "publish")
        data = request.data["bundle"] if isinstance(request.data, dict) and request.data else b""
        query = request.query_params

        def submit() -> HttpResponse:
            return submit_staged(
                self.actor,
                version.skill.team,
                stage_with_benchmark(actor=self.actor, version=version, data=data),
                number=query.get("version"),
                wanted=version.skill.visibility,
                changelog=query.get("changelog", "Adds a benchmark that was measured elsewhere."),
            )

        same = f"{request.path}?{query.urlencode()}\n".encode() + data
        return once(request.headers.get("Idempotency-Key", ""), account.pk, same, submit)
