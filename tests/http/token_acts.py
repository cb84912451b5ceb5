"""What a token needs for every address that takes one: the table behind `test_token_matrix.py`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

# The skills of the world: private and public ones of the team crew, an internal one of another team.
PRIVATE_SKILL, INTERNAL_SKILL, PUBLIC_SKILL = "quiet", "hall", "open"
EVERY_SKILL = frozenset({PRIVATE_SKILL, INTERNAL_SKILL, PUBLIC_SKILL})
ALL_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


class Of(StrEnum):
    """Whose the thing is that an act reads or changes."""

    NOBODY = "nobody"  # answered to every token; what it shows depends on the token
    TEAM = "team"  # the team crew's
    ACCOUNT = "account"  # the account's own: for tokens without teams
    INSTANCE = "instance"  # for staff


@dataclass(frozen=True, kw_only=True)
class Act:
    """One call with its answer: NEEDS are scopes, and one of ANY_OF where that is not empty.

    `finds`: the address names something private, which is not there (404) for who may not read it.
    `kept_by_team`: of a service account it is its team's as well. `refusal`: what else answers who is of no
    such team. `shows`: it lists those of these skills that the token reads.
    """

    route: str
    method: str = "GET"
    path: str
    needs: frozenset[str] = frozenset()
    any_of: frozenset[str] = frozenset()
    of: Of = Of.NOBODY
    role: str = ""
    person: bool = False
    finds: bool = False
    kept_by_team: bool = False
    refusal: int = 403
    always: int = 0
    shows: frozenset[str] = frozenset()
    body: str = "json"
    data: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def _act(route: str, path: str, needs: str = "", method: str = "GET", **more) -> Act:
    return Act(route=route, path=path, method=method, needs=frozenset(needs.split()), **more)


def _open(route: str, path: str, needs: str = "", method: str = "GET", **more) -> Act:
    """Answered whatever the team."""
    return _act(route, path, needs, method, **more)


def _reads(route: str, path: str, **more) -> Act:
    """Reads something of the team crew alone."""
    return _act(route, path, "read", of=Of.TEAM, finds=True, **more)


def _does(route: str, path: str, needs: str, role: str, method: str = "POST", **more) -> Act:
    """Changes something of the team crew that it has to find first."""
    return _act(route, path, f"read {needs}", method, of=Of.TEAM, finds=True, role=role, **more)


def _spending(below: str) -> list[Act]:
    """The lists of calls BELOW the three addresses of spending."""
    name = below.replace("/", "-").replace(".", "-")
    team = {"of": Of.TEAM, "finds": True, "role": "admin", "refusal": 404}
    return [
        _act(f"api-spending{name}", f"/api/v1/spending{below}", "read", of=Of.ACCOUNT, finds=True),
        _act(
            f"api-spending-all{name}",
            f"/api/v1/spending/everybody{below}",
            "read admin",
            of=Of.INSTANCE,
            refusal=404,
        ),
        _act(f"api-spending-team{name}", f"/api/v1/teams/crew/spending{below}", "read admin", **team),
    ]


_QUIET = "/api/v1/skills/crew/quiet"
_BENCHMARK = {"run_summary": {"with_skill": {"pass_rate": {"mean": 0.9}}}}
_OPEN_VERSION, _DRAFT = f"{_QUIET}/versions/1.0.0", f"{_QUIET}/versions/2.0.0"
_SOURCES = "/api/v1/teams/crew/sources"
_WEBHOOK = "/api/v1/budgets/{budget}/webhook"
_WAIVER = {"person": True, "data": {"reason": "x"}}
_DECISION = {"verdict": "reject", "reason": "x", "digest": "sha256:x"}

API = [
    _open("api", "/api/v1/"),
    _open("api-schema", "/api/v1/schema"),
    _open("api-me", "/api/v1/me"),
    _open("api-teams", "/api/v1/teams", "read"),
    _open("api-team", "/api/v1/teams/crew"),
    _open("api-tokens", "/api/v1/tokens", "admin"),
    _open(
        "api-tokens",
        "/api/v1/tokens",
        "admin",
        "POST",
        person=True,
        data={"name": "t", "scopes": ["admin"]},
    ),
    _act(
        "api-token", "/api/v1/tokens/{wide_token}", "admin", "DELETE", of=Of.ACCOUNT, refusal=404, person=True
    ),
    _open("api-trusted-publishing", "/api/v1/trusted-publishing"),
    _open("api-trusted-publishing", "/api/v1/trusted-publishing", method="POST"),
    _act("api-call-keeping", "/api/v1/teams/crew/call-keeping", "admin", of=Of.TEAM, role="admin"),
    _act(
        "api-call-keeping",
        "/api/v1/teams/crew/call-keeping",
        "admin",
        "PUT",
        of=Of.TEAM,
        role="admin",
        data={"days": 7},
    ),
    _act("api-kept-calls", "/api/v1/teams/crew/kept-calls", "admin", of=Of.TEAM, role="own_admin"),
    _act(
        "api-kept-call", "/api/v1/kept-calls/{kept_call}", "admin", of=Of.TEAM, role="own_admin", refusal=404
    ),
    _act("api-model-aliases", "/api/v1/teams/crew/model-aliases", "admin", of=Of.TEAM, role="admin"),
    _act(
        "api-model-alias",
        "/api/v1/teams/crew/model-aliases/{alias}",
        "admin",
        "PUT",
        of=Of.TEAM,
        role="admin",
        data={"models": ["scripted"]},
    ),
    _act(
        "api-model-alias",
        "/api/v1/teams/crew/model-aliases/{alias}",
        "admin",
        "DELETE",
        of=Of.TEAM,
        role="admin",
    ),
    _act("api-publishers", "/api/v1/teams/crew/publishers", "admin", of=Of.TEAM, role="admin"),
    _act(
        "api-publishers",
        "/api/v1/teams/crew/publishers",
        "admin publish",
        "POST",
        of=Of.TEAM,
        role="admin",
        data={"kind": "github", "repository": "acme/more", "workflow": "skills.yml"},
    ),
    _act(
        "api-publisher",
        "/api/v1/teams/crew/publishers/{publisher}",
        "admin",
        "DELETE",
        of=Of.TEAM,
        role="admin",
    ),
    _act("api-audit", "/api/v1/audit?team=crew", "read admin", of=Of.TEAM, role="admin"),
    _act("api-audit", "/api/v1/audit", "read admin", of=Of.INSTANCE),
    _open("api-search", "/api/v1/search?q=quiet+hall+open", shows=EVERY_SKILL),
    _open("api-check", "/api/v1/check", method="POST", any_of=frozenset({"check", "publish"}), body="zip"),
    _act(
        "api-publish",
        "/api/v1/teams/crew/versions?version=7.0.0",
        "publish",
        "POST",
        of=Of.TEAM,
        role="member",
        refusal=404,
        body="zip",
    ),
    _act(
        "api-packs",
        "/api/v1/teams/crew/packs",
        "publish",
        "POST",
        of=Of.TEAM,
        role="member",
        refusal=404,
        body="zip",
    ),
    _act(
        "api-bundle-runs",
        "/api/v1/teams/crew/runs",
        "publish",
        "POST",
        of=Of.TEAM,
        role="member",
        refusal=404,
        body="zip",
    ),
    _does("api-sources", _SOURCES, "admin", "admin", "GET"),
    # Who adds or changes a source answers for it in the team, which no office does.
    _does(
        "api-sources",
        _SOURCES,
        "admin publish",
        "insider",
        data={"kind": "git", "url": "https://git.example.org/b"},
    ),
    _does("api-source", f"{_SOURCES}/{{source}}", "admin", "admin", "GET"),
    _does("api-source", f"{_SOURCES}/{{source}}", "admin publish", "insider", "PATCH", data={"minutes": 60}),
    _does("api-source", f"{_SOURCES}/{{source}}", "admin", "admin", "DELETE"),
    _does("api-source-sync", f"{_SOURCES}/{{source}}/sync", "admin", "admin"),
    _does("api-source-plan", f"{_SOURCES}/{{source}}/plan", "admin", "admin"),
    _does("api-source-plan", f"{_SOURCES}/{{source}}/plan", "admin", "admin", "GET"),
    _does("api-syncs", f"{_SOURCES}/{{source}}/syncs", "admin", "admin", "GET"),
    _does("api-sync", f"{_SOURCES}/{{source}}/syncs/{{sync}}", "admin", "admin", "GET"),
    _does("api-source-webhook", f"{_SOURCES}/{{source}}/webhook", "admin", "admin"),
    _does("api-source-webhook", f"{_SOURCES}/{{source}}/webhook", "admin", "admin", "DELETE"),
    # A delivery counts by its signature, whatever token comes with it.
    _act("api-source-hook", "/api/v1/webhooks/sources/{source}", method="POST", always=403),
    _open("api-models", "/api/v1/models", "read"),
    _act("api-models", "/api/v1/models?team=crew", "read", of=Of.TEAM, role="reader", refusal=404),
    _open("api-runs", "/api/v1/runs", "read"),
    _open("api-reviews", "/api/v1/reviews?filter=all", "read"),
    _open("api-budgets", "/api/v1/budgets", "read"),
    _reads("api-run", "/api/v1/runs/{run}"),
    _reads("api-trials", "/api/v1/runs/{run}/trials"),
    _reads("api-grading", "/api/v1/runs/{run}/trials/{trial}/grading.json"),
    _reads("api-benchmark", "/api/v1/runs/{run}/benchmark.json"),
    _does("api-run-cancel", "/api/v1/runs/{run}/cancel", "publish", "member"),
    _reads("api-budget", "/api/v1/budgets/{budget}"),
    _does("api-budget", "/api/v1/budgets/{budget}", "admin", "admin", "PATCH", data={"marks": [50]}),
    _does(
        "api-budget-grants",
        "/api/v1/budgets/{budget}/grants",
        "admin",
        "admin",
        data={"tokens": 1, "note": "x"},
    ),
    _reads("api-budget-parts", "/api/v1/budgets/{budget}/parts"),
    _does("api-budget-parts", "/api/v1/budgets/{budget}/parts", "admin", "admin", data={"each": "run"}),
    _does("api-budget-webhook", _WEBHOOK, "admin", "admin", "PUT", data={"address": "https://x.example/"}),
    *(
        _does("api-budget-webhook", _WEBHOOK, "admin", "admin", method)
        for method in ("GET", "POST", "DELETE")
    ),
    _reads("api-team-budget", "/api/v1/teams/crew/budget"),
    _act("api-budgets-people", "/api/v1/budgets/people", "read admin", of=Of.INSTANCE),
    _act(
        "api-budgets-people",
        "/api/v1/budgets/people",
        "admin",
        "POST",
        of=Of.INSTANCE,
        data={"csv": "person\nchief"},
    ),
    _act("api-budget-defaults", "/api/v1/budgets/defaults", "read admin", of=Of.INSTANCE),
    _act(
        "api-budget-default",
        "/api/v1/budgets/defaults/everyone",
        "admin",
        "PUT",
        of=Of.INSTANCE,
        data={"limit_tokens": 5},
    ),
    _act("api-budget-default", "/api/v1/budgets/defaults/admin", "admin", "DELETE", of=Of.INSTANCE),
    _act("api-person-budget", "/api/v1/people/{own_handle}/budget", "read", of=Of.ACCOUNT, finds=True),
    *(act for below in ("", "/calls", "/calls.csv", "/sessions", "/runs") for act in _spending(below)),
    _reads("api-entries", "/api/v1/budgets/{budget}/entries"),
    _act(
        "api-entries",
        "/api/v1/budgets/{own_budget}/entries",
        "read",
        of=Of.ACCOUNT,
        finds=True,
        kept_by_team=True,
    ),
    _open("api-skills", "/api/v1/skills", shows=EVERY_SKILL),
    _reads("api-skill", _QUIET),
    _reads("api-resolve", f"{_QUIET}/resolve"),
    _reads("api-skill-field", f"{_QUIET}/field"),
    _act("api-unreviewed", "/api/v1/teams/crew/unreviewed", "admin", of=Of.TEAM, role="admin"),
    _reads("api-versions", f"{_QUIET}/versions"),
    _reads("api-version", _OPEN_VERSION),
    _reads("api-version", _DRAFT),
    _reads("api-zip", f"{_OPEN_VERSION}/zip"),
    _reads("api-file", f"{_OPEN_VERSION}/files/SKILL.md"),
    _reads("api-review", f"{_DRAFT}/review", person=True),
    _reads("api-decisions", f"{_DRAFT}/decisions", person=True),
    _does("api-decisions", f"{_DRAFT}/decisions", "review", "reviewer", "POST", person=True, data=_DECISION),
    _reads("api-kept-cases", f"{_DRAFT}/kept-cases", person=True),
    _does("api-case-waiver", f"{_DRAFT}/kept-cases/{{kept}}/waiver", "review", "reviewer", "PUT", **_WAIVER),
    _does(
        "api-case-waiver", f"{_DRAFT}/kept-cases/{{kept}}/waiver", "review", "reviewer", "DELETE", person=True
    ),
    _reads("api-comments", f"{_DRAFT}/comments", person=True),
    _does(
        "api-comments",
        f"{_DRAFT}/comments",
        "",
        "member",
        "POST",
        person=True,
        any_of=frozenset({"publish", "review"}),
        data={"body": "x"},
    ),
    _does(
        "api-comment",
        f"{_DRAFT}/comments/{{comment}}",
        "",
        "member",
        "PATCH",
        person=True,
        any_of=frozenset({"publish", "review"}),
        data={"resolved": True},
    ),
    _reads("api-version-runs", f"{_DRAFT}/runs"),
    _does("api-version-runs", f"{_DRAFT}/runs", "publish", "member"),
    _does("api-version-benchmark", f"{_DRAFT}/benchmark", "publish", "member", data=_BENCHMARK),
    _reads("api-case-draft", "/api/v1/case-drafts/{own_draft}"),
    _does("api-version-drafts", f"{_DRAFT}/case-drafts", "publish", "member", data={"source": "skill"}),
    _does("api-version-act", f"{_OPEN_VERSION}/yank", "admin", "admin", data={"reason": "x"}),
    _does("api-version-act", f"{_OPEN_VERSION}/unyank", "admin", "admin", data={"reason": "x"}),
    _does("api-version-act", f"{_DRAFT}/withdraw", "publish admin", "admin", data={"reason": "x"}),
    _act(
        "api-version-act",
        f"{_OPEN_VERSION}/remove",
        "read admin",
        "POST",
        of=Of.INSTANCE,
        finds=True,
        data={"reason": "x"},
    ),
    _reads("api-statement", f"{_OPEN_VERSION}/statement"),
    _reads("api-oms", f"{_OPEN_VERSION}/skill.oms.sig"),
    _open("api-snapshot", "/api/v1/snapshot"),
    _reads("api-team-snapshot", "/api/v1/teams/crew/snapshot"),
    _act("api-denials", "/api/v1/denials", "read admin", of=Of.INSTANCE),
    _act(
        "api-denial-lift",
        "/api/v1/denials/{denial}/lift",
        "read admin",
        "POST",
        of=Of.INSTANCE,
        data={"reason": "x"},
    ),
    *[_act("api-missing", "/api/v1/nothing", method=method, always=404) for method in ALL_METHODS],
]

_PLACES = {"instance": "", "team": "/t/crew", "skill": "/s/crew/quiet", "version": "/s/crew/quiet/v/1.0.0"}
_LISTED = {"instance": EVERY_SKILL, "team": EVERY_SKILL - {INTERNAL_SKILL}}


def _indexes(kind: str, prefix: str) -> list[Act]:
    """The indexes of agent skills, with and without a secret in the address."""
    found = []
    for place, at in _PLACES.items():
        start = f"{prefix}{at}/.well-known"
        makes = _open if place in _LISTED else _reads
        listed = _LISTED.get(place, frozenset())
        found += [
            makes(f"{kind}-index-{place}", f"{start}/agent-skills/index.json", shows=listed),
            makes(f"{kind}-files-{place}", f"{start}/skills/index.json", shows=listed),
            _reads(f"{kind}-file-{place}", f"{start}/skills/quiet/SKILL.md"),
        ]
    return [*found, _reads(f"{kind}-zip", f"{prefix}/s/crew/quiet/v/1.0.0.zip")]


IN_ADDRESS = _indexes("prefixed", "/k/{secret}")
_CLAW = "/clawhub/api/v1"


def _claw_skill(kind: str, at: str) -> list[Act]:
    """What ClawHub does with one skill, named with and without its owner."""
    skill = f"{_CLAW}/skills/{at}quiet"
    star = f"{_CLAW}/stars/{at}quiet"
    return [
        _reads(f"clawhub-skill{kind}", skill),
        _does(f"clawhub-skill{kind}", skill, "admin", "admin", "DELETE"),
        _reads(f"clawhub-versions{kind}", f"{skill}/versions"),
        _reads(f"clawhub-version{kind}", f"{skill}/versions/1.0.0"),
        _does(f"clawhub-version{kind}", f"{skill}/versions/1.0.0", "admin", "admin", "DELETE"),
        _does(f"clawhub-restore{kind}", f"{skill}/versions/1.0.0/restore", "admin", "admin"),
        _reads(f"clawhub-file{kind}", f"{skill}/file?path=SKILL.md"),
        _reads(f"clawhub-install{kind}", f"{skill}/install"),
        _reads(f"clawhub-verify{kind}", f"{skill}/verify"),
        _act(f"clawhub-moderation{kind}", f"{skill}/moderation", always=404),
        _does(f"clawhub-undelete{kind}", f"{skill}/undelete", "admin", "admin"),
        _does(f"clawhub-rename{kind}", f"{skill}/rename", "admin", "admin", data={"newSlug": "quieter"}),
        _does(f"clawhub-tag{kind}", f"{skill}/tags/beta", "admin", "admin", data={"version": "1.0.0"}),
        _does(f"clawhub-star{kind}", star, "publish", "", person=True),
        _does(f"clawhub-star{kind}", star, "publish", "", "DELETE", person=True),
    ]


_TICKET = {"path": "a", "size": 1, "sha256": "0" * 64}
_SIGNED = "/.well-known/skillhub"
_TELEMETRY = {"event": "install", "slug": "quiet", "version": "1.0.0"}
PROTOCOLS = [
    *_indexes("agent-skills", ""),
    _open("skills-search", "/api/search?q=quiet+hall+open", shows=EVERY_SKILL),
    _open("marketplace", "/t/crew/marketplace.json"),
    _open("marketplace-channel", "/t/crew/stable/marketplace.json"),
    _reads("plugin-zip", "/t/crew/plugins/quiet/1.0.0.zip"),
    _open("mcp", "/mcp", method="POST", body="mcp", data={"jsonrpc": "2.0", "id": 1, "method": "tools/list"}),
    *(
        _open(f"otlp-{name}", f"/otlp/v1/{name}", method="POST", any_of=frozenset({"report", "models"}))
        for name in ("metrics", "logs", "traces")
    ),
    _open("signing-keys", f"{_SIGNED}/keys.json"),
    _open("signing-keys-signed", f"{_SIGNED}/keys.dsse.json"),
    _open("signing-key-pem", f"{_SIGNED}/keys/{{keyid}}.pem"),
    _open("public-snapshot", f"{_SIGNED}/snapshot.json"),
    _open("audit-checkpoint", f"{_SIGNED}/checkpoint"),
    _open("release-schema", f"{_SIGNED}/release-v1.schema.json"),
    _open("skillhub-verify", "/skillhub-verify.py"),
    _open("ci-program", "/ci/publish_skills.py"),
    _open("ci-github", "/ci/github.yml"),
    _open("ci-gitlab", "/ci/gitlab.yml"),
    _open("clawhub-discovery", "/.well-known/clawhub.json"),
    _open("clawdhub-discovery", "/.well-known/clawdhub.json"),
    _open("clawhub-device-code", "/api/cli/device/code", method="POST"),
    _open("clawhub-device-token", "/api/cli/device/token", method="POST"),
    _open("clawhub-telemetry", "/clawhub/api/cli/telemetry/install", method="POST", data=_TELEMETRY),
    _open("clawhub-telemetry-sync", "/clawhub/api/cli/telemetry/sync", method="POST", data=_TELEMETRY),
    _open("clawhub-whoami", f"{_CLAW}/whoami"),
    _open("clawhub-search", f"{_CLAW}/search?q=quiet+hall+open", shows=EVERY_SKILL),
    _reads("clawhub-resolve", f"{_CLAW}/resolve?slug=quiet&hash={'0' * 64}"),
    _reads("clawhub-download", f"{_CLAW}/download?slug=quiet"),
    _open("clawhub-trending", f"{_CLAW}/trending", shows=EVERY_SKILL),
    _open("clawhub-skills", f"{_CLAW}/skills", shows=EVERY_SKILL),
    _act(
        "clawhub-skills",
        f"{_CLAW}/skills",
        "publish",
        "POST",
        of=Of.TEAM,
        role="member",
        data={"slug": "new", "version": "1.0.0", "ownerHandle": "crew", "files": []},
    ),
    _open("clawhub-upload-url", f"{_CLAW}/skills/-/upload-url", "publish", "POST", data=_TICKET),
    _open("clawhub-upload", f"{_CLAW}/skills/-/upload/{{ticket}}", "publish", "POST"),
    _reads(
        "clawhub-verdicts",
        f"{_CLAW}/skills/-/security-verdicts",
        method="POST",
        data={"items": [{"slug": "quiet", "version": "1.0.0"}]},
    ),
    *_claw_skill("", ""),
    *_claw_skill("-owned", "@crew/"),
]
