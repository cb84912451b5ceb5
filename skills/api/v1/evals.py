"""Evaluations: ask for one, for a version or for a bundle before it is published; follow it, read it."""

import hashlib
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from skills.api.v1 import eval_schemas as shapes
from skills.api.v1.docs import PAGING, PROBLEMS, WRITE_PROBLEMS, page_of
from skills.api.v1.endpoint import HubView, listed, paged
from skills.api.v1.publish import BundleIn, BundleView
from skills.api.v1.versions import load_version
from skills.bundles.manifest import Manifest
from skills.catalog.selectors import find_team
from skills.evals import selectors
from skills.evals.models import Run, Trial
from skills.flows import release
from skills.flows.evaluation import control
from skills.flows.evaluation.request import prepare_run, request_run
from skills.flows.evaluation.subject import Subject, subject_of_upload, subject_of_version
from skills.http.idempotency import once
from skills.http.streamed_json import streamed_json
from skills.lib import outgoing, whole_numbers
from skills.lib.errors import Refused, missing, refuse
from skills.lib.pages import page
from skills.people import rules
from skills.people.actor import Actor
from skills.people.models import Role, Scope
from skills.portfolio.selectors import available
from skills.verdicts import benchmark_json

_LONGEST_URL = 300  # as the column
_LAUNCH = [
    OpenApiParameter("models", description="Labels of the portfolio, by commas; every model without it."),
    OpenApiParameter("repeats", int, description="1 to 10; those of the policy without it."),
    OpenApiParameter("webhook", description="A public address that is told when the run has ended."),
    OpenApiParameter("Idempotency-Key", location=OpenApiParameter.HEADER),
]


class ModelList(HubView):
    @extend_schema(
        parameters=[*PAGING, OpenApiParameter("team")],
        responses={200: page_of(shapes.ModelShape), **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        """The models one can evaluate on; with `team`, those of the team."""
        rules.scope(self.actor, Scope.READ)
        handle = request.query_params.get("team")
        team = find_team(self.actor, handle) if handle else None
        if team is not None and team.pk not in self.actor.roles and not self.actor.reads_everything:
            raise missing()
        return listed(request, available(team), "label", shapes.model)


def _start(request: Request, actor: Actor, subject: Subject) -> Run:
    """The run that the query describes, asked for."""
    query = request.query_params
    model_ids = _model_ids(subject, query.get("models", ""))
    webhook = _webhook(query.get("webhook", ""))
    prepared = prepare_run(
        actor=actor,
        subject=subject,
        model_ids=model_ids,
        # What is no number becomes 0, which the run refuses with the words for too few repeats.
        repeats=whole_numbers.from_text(query["repeats"], 0, most=99) if "repeats" in query else None,
    )
    return request_run(actor=actor, prepared=prepared, webhook=webhook)


def _model_ids(subject: Subject, names: str) -> list[int] | None:
    """The models that NAMES lists by label, None for all; unknown labels are refused."""
    labels = [label for label in names.split(",") if label]
    if not labels:
        return None
    known = {row.label: row.pk for row in available(subject.team)}
    if unknown := [label for label in labels if label not in known]:
        text = f"The portfolio has no model {', '.join(unknown)[:200]}."
        raise refuse("bad_model", text, f"Known: {', '.join(known)[:500] or 'none'}.")
    return [known[label] for label in labels]


def _webhook(url: str) -> str:
    """URL, if it is "" or a public address."""
    if not url:
        return ""
    try:
        outgoing.parse_url(url)
    except outgoing.NotAllowed as refusal:
        raise refuse("bad_webhook", str(refusal)) from None
    if len(url) > _LONGEST_URL:
        raise refuse("bad_webhook", f"The address has more than {_LONGEST_URL} characters.")
    return url


def _created(run: Run) -> HttpResponse:
    return JsonResponse(shapes.run(run), status=201)


class VersionRuns(HubView):
    @extend_schema(parameters=PAGING, responses={200: page_of(shapes.RunShape), **PROBLEMS})
    def get(self, request: Request, **kwargs: Any) -> Response:
        """The evaluations of a version, for its team, the newest first."""
        rows = selectors.runs_for(self.actor).filter(version=load_version(self, kwargs))
        return listed(request, rows, "-created_at", shapes.run)

    @extend_schema(parameters=_LAUNCH, request=None, responses={201: shapes.RunShape, **WRITE_PROBLEMS})
    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        """Evaluate a version on models of the team's portfolio, within its budget."""
        version = load_version(self, kwargs)
        # Before `once`, which would tell the answer to an earlier request to whoever may not ask it.
        account = rules.role(self.actor, version.skill.team, Role.MEMBER)

        def work() -> HttpResponse:
            return _created(_start(request, self.actor, subject_of_version(version)))

        mark = f"run {version.pk}?{request.query_params.urlencode()}".encode()
        return once(request.headers.get("Idempotency-Key", ""), account.pk, mark, work)


class BundleRuns(BundleView):
    @extend_schema(
        parameters=_LAUNCH,
        request={"application/zip": bytes, "multipart/form-data": BundleIn},
        responses={201: shapes.RunShape, **WRITE_PROBLEMS},
    )
    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        """Evaluate a bundle before it is published, as CI does with a branch; it is kept for a day."""
        account = rules.scope(self.actor, "publish")
        team = find_team(self.actor, kwargs["team"])
        if team.pk not in self.actor.roles:
            raise missing()
        content = self.content(request)
        raw = content if isinstance(content, bytes) else repr(sorted(content.items())).encode()

        def work() -> HttpResponse:
            report, upload = release.stage(actor=self.actor, content=content)
            if upload is None:
                raise Refused(report.errors)
            try:
                rules.publishes(self.actor, Manifest.from_json(upload.manifest).name)
                run = _start(request, self.actor, subject_of_upload(upload, team))
            except Refused:
                upload.delete()
                raise
            return _created(run)

        mark = f"runs {team.pk}?{request.query_params.urlencode()}".encode() + hashlib.sha256(raw).digest()
        return once(request.headers.get("Idempotency-Key", ""), account.pk, mark, work)


class RunList(HubView):
    @extend_schema(parameters=PAGING, responses={200: page_of(shapes.RunShape), **PROBLEMS})
    def get(self, request: Request) -> Response:
        """The runs of one's teams, the newest first."""
        rules.scope(self.actor, Scope.READ)
        return listed(request, selectors.runs_for(self.actor), "-created_at", shapes.run)


def load_run(view: HubView, kwargs: dict[str, Any]) -> Run:
    rules.signed_in(view.actor)
    return selectors.run_by_id(view.actor, kwargs["pk"])


class RunView(HubView):
    @extend_schema(responses={200: shapes.RunDetail, **PROBLEMS})
    def get(self, request: Request, **kwargs: Any) -> Response:
        """A run with its report: state, progress, verdict, figures by model, regressions."""
        return Response(shapes.run_detail(self.actor, load_run(self, kwargs)))


class RunTrials(HubView):
    @extend_schema(parameters=PAGING, responses={200: page_of(shapes.TrialShape), **PROBLEMS})
    def get(self, request: Request, **kwargs: Any) -> Response:
        """Every trial with its grades; those of hidden cases for reviewers only."""
        run = load_run(self, kwargs)
        shown = [
            case["key"] for case in run.cases if not case["hidden"] or selectors.sees_hidden(self.actor, run)
        ]
        rows = Trial.objects.filter(run=run, case__in=shown).select_related("model")
        trials = page(rows, "pk", request.query_params.get("cursor", ""), 50)
        return paged([shapes.trial(row) for row in trials.rows], trials.next)


class RunGrading(HubView):
    @extend_schema(responses={200: dict[str, Any], **PROBLEMS})
    def get(self, request: Request, **kwargs: Any) -> Response:
        """One trial as the ecosystem's grading.json."""
        run = load_run(self, kwargs)
        trial = selectors.trial_by_id(self.actor, run, kwargs["trial"])
        # Transcripts are deleted in time; then only the count of calls is known.
        transcript = getattr(trial, "transcript", None)
        called = transcript.tools_called if transcript else []
        return Response(benchmark_json.grading(run, trial, called))


class RunBenchmark(HubView):
    @extend_schema(responses={200: dict[str, Any], **PROBLEMS})
    def get(self, request: Request, **kwargs: Any) -> HttpResponseBase:
        """The run as the ecosystem's benchmark.json."""
        run = load_run(self, kwargs)
        return streamed_json(benchmark_json.benchmark(run, selectors.trials_shown(self.actor, run)))


class RunCancel(HubView):
    @extend_schema(request=None, responses={200: shapes.RunShape, **WRITE_PROBLEMS})
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Stop a run; what is scored by then stays."""
        run = load_run(self, kwargs)
        control.cancel(actor=self.actor, run=run)
        return Response(shapes.run(selectors.run_by_id(self.actor, run.pk)))
