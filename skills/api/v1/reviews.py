"""Reviews: the queue, one review, comments and decisions."""

from collections.abc import Mapping

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from skills.api.v1 import review_schemas, schemas
from skills.api.v1.docs import PAGING, PROBLEMS, WRITE_PROBLEMS, page_of
from skills.api.v1.endpoint import HubView, listed, page_size, paged
from skills.api.v1.versions import load_version
from skills.catalog.models import Version
from skills.catalog.selectors import find_version
from skills.evals.standing import NOT_EVALUATED, EvaluationStanding, standing_of, standings_of
from skills.flows import gates, release, remarks
from skills.lib.errors import refuse
from skills.lib.pages import page
from skills.people import rules
from skills.people.models import Scope
from skills.reviews import selectors
from skills.reviews.comment import edit, may_follow, reopen, resolve
from skills.reviews.places import LinePlace
from skills.scans.models import Scan


class ReviewQueue(HubView):
    @extend_schema(
        parameters=[*PAGING, OpenApiParameter("filter", enum=list(selectors.FILTERS))],
        responses={200: page_of(schemas.VersionInReview), **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        """Versions that wait for a decision, oldest first, with what their evaluations have shown."""
        rules.scope(self.actor, Scope.READ)
        chosen = request.query_params.get("filter", "waiting")
        if chosen not in selectors.FILTERS:
            raise refuse("bad_filter", f"Use one of {', '.join(selectors.FILTERS)}.")
        waiting = selectors.queue(self.actor, chosen)
        part = page(waiting, "created_at", request.query_params.get("cursor", ""), page_size(request))
        standings = standings_of(part.rows)
        shapes = [
            {**schemas.version(row), "evaluation": _shape(standings.get(row.pk, NOT_EVALUATED))}
            for row in part.rows
        ]
        return paged(shapes, part.next)


def load_review(view: HubView, kwargs: Mapping[str, str]) -> Version:
    """A version whose review the actor may take part in."""
    rules.signed_in(view.actor)
    version = load_version(view, kwargs)
    if not view.actor.reads_everything:
        may_follow(view.actor, version)
    return version


class ReviewView(HubView):
    @extend_schema(responses={200: schemas.ReviewDetail, **PROBLEMS})
    def get(self, request: Request, **kwargs: str) -> Response:
        """Findings, inventory and gates of a version, for its team."""
        version = load_review(self, kwargs)
        scan = Scan.objects.filter(version=version).first()
        findings = scan.findings.order_by("path", "line", "id") if scan else []
        found = gates.gates(version, scan)
        return Response(
            {
                "version": schemas.version_detail(version),
                "scan": scan.state if scan else "none",
                "gates": [{"name": g.name, "passed": g.passed, "text": g.text} for g in found],
                "evaluation": _shape(standing_of(version)),
                "findings": [schemas.finding(finding) for finding in findings],
                "inventory": scan.inventory if scan else {},
            }
        )


def _shape(standing: EvaluationStanding) -> schemas.Json:
    return {
        "verdict": standing.verdict,
        "running": standing.open_run,
        "regressed": [
            {"case": one.label, "model": one.on, "status": one.status} for one in standing.regressed
        ],
    }


class Decisions(HubView):
    @extend_schema(parameters=PAGING, responses={200: page_of(schemas.DecisionShape), **PROBLEMS})
    def get(self, request: Request, **kwargs: str) -> Response:
        """Every decision on this number, earlier attempts included, the newest first."""
        history = selectors.history(load_review(self, kwargs))
        return listed(request, history, "-created_at", schemas.decision)

    @extend_schema(
        parameters=[OpenApiParameter("If-Match", location=OpenApiParameter.HEADER)],
        request=schemas.DecisionIn,
        responses={200: schemas.VersionShape, **WRITE_PROBLEMS},
    )
    def post(self, request: Request, **kwargs: str) -> Response:
        """Approve, request changes or reject exactly the bytes whose digest you name."""
        version = load_review(self, kwargs)
        body = schemas.DecisionIn(data=request.data)
        body.is_valid(raise_exception=True)
        wanted = body.validated_data
        digest = wanted.get("digest") or request.headers.get("If-Match", "").strip('"')
        if not digest:
            text = "Name the digest you looked at, as `digest` or If-Match."
            raise refuse("digest_missing", text, "It is in the version's detail.")
        version = release.decide(
            actor=self.actor,
            version_id=version.pk,
            verdict=wanted["verdict"],
            digest=digest,
            reason=wanted.get("reason", ""),
        )
        return Response(schemas.version(version))


class Comments(HubView):
    @extend_schema(parameters=PAGING, responses={200: page_of(review_schemas.CommentShape), **PROBLEMS})
    def get(self, request: Request, **kwargs: str) -> Response:
        """The conversation on a version, the oldest first."""
        conversation = selectors.conversation(load_review(self, kwargs))
        return listed(request, conversation, "created_at", review_schemas.comment)

    @extend_schema(
        request=review_schemas.CommentIn, responses={201: review_schemas.CommentShape, **WRITE_PROBLEMS}
    )
    def post(self, request: Request, **kwargs: str) -> Response:
        """Comment on lines of a file or on the version as a whole, or reply."""
        version = load_review(self, kwargs)
        body = review_schemas.CommentIn(data=request.data)
        body.is_valid(raise_exception=True)
        wanted = body.validated_data
        number, reply_to = wanted.get("base"), wanted.get("reply_to")
        place = LinePlace(
            path=wanted.get("path", ""),
            first=wanted.get("first_line", 0),
            line=wanted.get("line", 0),
            base=find_version(self.actor, version.skill, number) if number else None,
        )
        parent = selectors.thread_at(version, reply_to).root if reply_to else None
        comment = remarks.remark(
            actor=self.actor, version=version, body=wanted["body"], place=place, parent=parent
        )
        return Response(review_schemas.comment(comment), status=201)


class CommentView(HubView):
    @extend_schema(
        request=review_schemas.CommentChange, responses={200: review_schemas.CommentShape, **WRITE_PROBLEMS}
    )
    def patch(self, request: Request, comment: int, **kwargs: str) -> Response:
        """Change the words of a comment of your own; resolve its thread, or open it again."""
        version = load_review(self, kwargs)
        body = review_schemas.CommentChange(data=request.data)
        body.is_valid(raise_exception=True)
        thread = selectors.thread_at(version, comment)
        remark = next(one for one in thread.remarks if one.pk == comment)
        if "body" in body.validated_data:
            edit(actor=self.actor, remark=remark, body=body.validated_data["body"])
        if "resolved" in body.validated_data:
            act = resolve if body.validated_data["resolved"] else reopen
            act(actor=self.actor, remark=thread.root)
        return Response(review_schemas.comment(remark))
