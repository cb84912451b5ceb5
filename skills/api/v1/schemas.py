"""The JSON of every resource, noun by noun: serializers for the schema, then the function that fills them."""

from dataclasses import asdict

from rest_framework import serializers as s

from skills.bundles.manifest import Manifest
from skills.catalog.models import File, Skill, State, Version, Visibility
from skills.lib.addresses import public_address
from skills.lib.licences import read as read_licence
from skills.people.models import Scope, Team, Token
from skills.reviews.models import Decision, DecisionVerdict
from skills.scans.models import Finding
from skills.signing.statements import statement_address

Json = dict[str, object]


class Shape(s.Serializer[object]):
    # A comment and no docstring: the schema would take it for the description of every shape.
    # Answers are made by the functions below; these describe them, and read the bodies of requests.
    pass


# Problems


class ProblemItem(Shape):
    code = s.CharField()
    text = s.CharField()
    remedy = s.CharField(required=False)
    file = s.CharField(required=False)
    line = s.IntegerField(required=False)
    severity = s.CharField()


class ProblemDocument(Shape):
    """RFC 9457: what is wrong, where, and how to mend it."""

    type = s.CharField()
    title = s.CharField()
    status = s.IntegerField()
    detail = s.CharField()
    code = s.CharField()
    remedy = s.CharField(allow_blank=True)
    problems = ProblemItem(many=True)


# Accounts, teams and tokens


class Me(Shape):
    account = s.CharField(allow_null=True)
    scopes = s.ListField(child=s.CharField())
    teams = s.DictField(child=s.CharField(), help_text="Team handle to role.")


class TeamShape(Shape):
    handle = s.CharField()
    name = s.CharField()
    description = s.CharField()
    personal = s.BooleanField()


def team(row: Team) -> Json:
    return {
        "handle": row.handle,
        "name": row.name,
        "description": row.description,
        "personal": row.is_personal,
    }


class TokenIn(Shape):
    name = s.CharField(max_length=80)
    scopes = s.ListField(child=s.ChoiceField(choices=Scope.choices), allow_empty=False)
    teams = s.ListField(child=s.CharField(), required=False)
    days = s.IntegerField(required=False, min_value=1, max_value=366)


class TokenShape(Shape):
    id = s.IntegerField()
    name = s.CharField()
    hint = s.CharField()
    scopes = s.ListField(child=s.CharField())
    teams = s.ListField(child=s.CharField())
    expires_at = s.DateTimeField()
    last_used_at = s.DateTimeField(allow_null=True)
    revoked_at = s.DateTimeField(allow_null=True)


class TokenMade(TokenShape):
    secret = s.CharField(help_text="Shown this once.")


def token(row: Token) -> Json:
    return {
        "id": row.pk,
        "name": row.name,
        "hint": row.hint,
        "scopes": row.scopes,
        "teams": sorted(one.handle for one in row.teams.all()),
        "expires_at": row.expires_at,
        "last_used_at": row.last_used_at,
        "revoked_at": row.revoked_at,
    }


# Skills


class SkillShape(Shape):
    team = s.CharField()
    name = s.CharField()
    description = s.CharField()
    visibility = s.ChoiceField(choices=Visibility.choices)
    version = s.CharField(allow_null=True)
    digest = s.CharField(allow_null=True)
    catalogue_tokens = s.IntegerField()
    tags = s.ListField(child=s.CharField())
    license = s.CharField()
    deprecated = s.BooleanField()
    fetches = s.IntegerField()
    stars = s.IntegerField()
    lift = s.FloatField(allow_null=True, help_text="share of cases more than without it; null: not proven")
    updated_at = s.DateTimeField()


class SkillDetail(SkillShape):
    channels = s.DictField(child=s.CharField())
    successor = s.CharField(allow_null=True)
    deprecation_note = s.CharField(allow_blank=True)


def skill(row: Skill) -> Json:
    shown = row.shown
    return {
        "team": row.team.handle,
        "name": row.name,
        "description": row.description,
        "visibility": row.visibility,
        "version": shown.number if shown else None,
        "digest": shown.digest if shown else None,
        "catalogue_tokens": row.catalogue_tokens,
        "tags": row.tags,
        "license": read_licence(row.license).label,
        "deprecated": row.deprecated_at is not None,
        "fetches": row.fetches,
        "stars": row.stars,
        "lift": row.lift,
        "updated_at": row.updated_at,
    }


# Search


class SearchHit(SkillShape):
    score = s.FloatField()
    reason = s.CharField(allow_blank=True)
    snippet = s.CharField(allow_blank=True)


class SearchAnswer(Shape):
    results = SearchHit(many=True)
    next = s.CharField(allow_blank=True)
    total = s.IntegerField(help_text="1001 stands for more than 1,000")
    corrections = s.DictField(child=s.CharField())
    meaning = s.BooleanField(help_text="false: ranked by words only")


class PackedHit(Shape):
    team = s.CharField()
    name = s.CharField()
    version = s.CharField(allow_null=True)
    description = s.CharField()
    score = s.FloatField()


class PackedAnswer(Shape):
    """The answer to a search with `token_budget`."""

    results = PackedHit(many=True)
    tokens = s.IntegerField(help_text="of `results`, exactly as sent, by `tokenizer`")
    tokenizer = s.CharField()
    left_out = s.IntegerField(help_text="hits that did not fit")
    meaning = s.BooleanField()
    corrections = s.DictField(child=s.CharField())


# Versions


class FileShape(Shape):
    path = s.CharField()
    sha256 = s.CharField()
    size = s.IntegerField()
    executable = s.BooleanField()


def file(row: File) -> Json:
    return {"path": row.path, "sha256": row.sha256, "size": row.size, "executable": row.executable}


class VersionShape(Shape):
    team = s.CharField()
    name = s.CharField()
    version = s.CharField()
    attempt = s.IntegerField()
    state = s.ChoiceField(choices=State.choices)
    digest = s.CharField()
    size = s.IntegerField()
    author = s.CharField()
    changelog = s.CharField(allow_blank=True)
    reason = s.CharField(allow_blank=True)
    created_at = s.DateTimeField()
    approved_at = s.DateTimeField(allow_null=True)
    review = s.CharField(help_text="Where its team talks about it.")


class Verdict(Shape):
    verdict = s.CharField(
        allow_blank=True,
        help_text="Of all evaluations of the same bytes together; scripted, or empty where there is none.",
    )


class ListedVersion(VersionShape, Verdict):
    pass


class VersionDetail(VersionShape):
    responsible = s.CharField(help_text="The person behind the author: of a service account's version.")
    description = s.CharField(allow_blank=True)
    written_name = s.CharField(
        allow_blank=True, help_text="The name in SKILL.md, which the catalogue's may differ from."
    )
    front_matter = s.DictField(help_text="As a reader of YAML 1.2 has the served bytes.")
    notes = ProblemItem(many=True, help_text="What of the front matter not every agent reads.")
    requested_visibility = s.ChoiceField(choices=Visibility.choices)
    body_tokens = s.IntegerField()
    allowed_tools = s.ListField(child=s.CharField())
    tools = s.ListField(child=s.DictField())
    files = FileShape(many=True)
    statement = s.CharField(allow_null=True)


def version(row: Version) -> Json:
    return {
        "team": row.skill.team.handle,
        "name": row.skill.name,
        "version": row.number,
        "attempt": row.attempt,
        "state": row.state,
        "digest": row.digest,
        "size": row.size,
        "author": row.author.username,
        "changelog": row.changelog,
        "reason": row.reason,
        "created_at": row.created_at,
        "approved_at": row.approved_at,
        "review": public_address(row.review_url),
    }


def version_detail(row: Version) -> Json:
    manifest = Manifest.from_json(row.manifest)
    return {
        **version(row),
        "responsible": row.responsible.username,
        "statement": statement_address(row) if row.was_approved else None,
        "description": manifest.description,
        "written_name": manifest.written_name,
        "front_matter": manifest.fields,
        "notes": [note.as_dict() for note in manifest.notes],
        "requested_visibility": row.requested_visibility,
        "body_tokens": manifest.body_tokens,
        "allowed_tools": list(manifest.allowed_tools),
        "tools": [asdict(tool) for tool in manifest.tools],
        "files": [file(one) for one in row.files.all()],
    }


class ReasonIn(Shape):
    reason = s.CharField(required=False, allow_blank=True, max_length=1000)


# Reviews


class FindingShape(Shape):
    id = s.IntegerField()
    rule = s.CharField()
    severity = s.CharField()
    path = s.CharField(allow_blank=True)
    line = s.IntegerField()
    text = s.CharField()
    remedy = s.CharField(allow_blank=True)
    waiver = s.CharField(allow_blank=True)


def finding(row: Finding) -> Json:
    return {
        "id": row.pk,
        "rule": row.rule,
        "severity": row.severity,
        "path": row.path,
        "line": row.line,
        "text": row.text,
        "remedy": row.remedy,
        "waiver": row.waiver,
    }


class RegressedCell(Shape):
    case = s.CharField()
    model = s.CharField()
    status = s.CharField()


class EvaluationShape(Verdict):
    running = s.IntegerField(allow_null=True, help_text="a run that has not ended")
    regressed = RegressedCell(many=True)


class VersionInReview(VersionShape):
    evaluation = EvaluationShape()


class ReviewDetail(Shape):
    version = VersionDetail()
    scan = s.CharField()
    gates = s.ListField(child=s.DictField())
    evaluation = EvaluationShape()
    findings = FindingShape(many=True)
    inventory = s.DictField()


class DecisionIn(Shape):
    verdict = s.ChoiceField(choices=DecisionVerdict.choices)
    digest = s.CharField(required=False, help_text="Or send it as If-Match.")
    reason = s.CharField(required=False, allow_blank=True, max_length=2000)


class DecisionShape(Shape):
    reviewer = s.CharField()
    verdict = s.CharField()
    digest = s.CharField()
    reason = s.CharField(allow_blank=True)
    attempt = s.IntegerField()
    created_at = s.DateTimeField()


def decision(row: Decision) -> Json:
    return {
        "reviewer": row.reviewer.username,
        "verdict": row.verdict,
        "digest": row.digest,
        "reason": row.reason,
        "attempt": row.version.attempt,
        "created_at": row.created_at,
    }
