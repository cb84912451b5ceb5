"""Every route × every kind of caller × session and token; a new route without a row fails.

A row says who is let in. Everybody else gets what the row's `others` says: signed-out people are
sent to sign in or told 401, people who may not know of a thing get 404, people who know but may
not act get 403. "Let in" means any answer but 401, 403, 404 and the sign-in page.
"""

import json
import re
from dataclasses import dataclass, field

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLPattern

from skills.budgets.models import Budget, Hold
from skills.catalog.imports import ImportRun
from skills.catalog.models import Upload
from skills.curation.models import Report
from skills.evals.cases import hide
from skills.evals.models import CaseDraft, CaseWaiver, Run, Trial
from skills.flows import access, remarks
from skills.flows.evaluation import worker
from skills.notices.models import Notice
from skills.people.instance_roles import setup_code
from skills.people.models import Invitation, Token
from skills.people.teams import create_service, invite
from skills.portfolio.models import ModelAlias, PortfolioModel, Provider
from skills.reviews.drafts import keep_draft
from skills.reviews.models import Comment
from skills.scans.models import Finding
from skills.signing.models import SigningKey
from skills.usage.models import UnreviewedSkill
from skills.web.views.skill import TABS_WITH_ADDRESS
from tests.evals.making import FakeEngine, a_run, files_with_evals
from tests.factories import (
    a_person,
    a_secret,
    a_team,
    a_version,
    actor,
    an_approved,
    an_upload,
    bearer,
    files,
    join,
)
from tests.publishers.making import a_publisher
from tests.signing.making import sign_everything
from tests.sources.making import a_plan, a_source
from tests.usage.making import a_kept_call, keeps

# Thousands of cells of the same few lines: counting which lines they reach would take as long again.
pytestmark = pytest.mark.no_cover

CALLERS = ("visitor", "stranger", "member", "author", "reviewer", "admin", "auditor", "staff", "service")
ALL = set(CALLERS)
SIGNED_IN = ALL - {"visitor"}
PEOPLE = SIGNED_IN - {"service"}
TEAM = {"member", "author", "reviewer", "admin"}
TEAM_AND_SERVICE = TEAM | {"service"}
READERS = TEAM_AND_SERVICE | {"staff", "auditor"}
TALKERS = TEAM | {"staff", "auditor"}
ADMINS = {"admin", "staff"}


@dataclass
class Row:
    """Who is let in by GET and by POST; METHOD is the one that matters."""

    path: str
    allowed: set[str]
    method: str = "get"
    data: dict = field(default_factory=dict)


# The private skill crew/quiet is approved 1.0.0 and in review 2.0.0; crew/open is public.
QUIET, OPEN = "/@crew/quiet/", "/@crew/open/"
ROWS: dict[str, Row] = {
    "home": Row("/", ALL),
    "healthz": Row("/healthz", ALL),
    "readyz": Row("/readyz", ALL),
    "robots": Row("/robots.txt", ALL),
    "favicon": Row("/favicon.ico", ALL),
    "touch-icon": Row("/apple-touch-icon.png", ALL),
    "metrics": Row("/metrics", ALL),  # from loopback; test_ops covers other addresses
    "styleguide": Row("/styleguide/", ALL),
    "setup": Row("/setup/{setup}/", set()),
    "agents": Row("/skill.md", ALL),
    "llms": Row("/llms.txt", ALL),
    "docs": Row("/docs/", ALL),
    "docs-api": Row("/docs/reference/", ALL),
    "doc": Row("/docs/bundles/", ALL),
    "publish": Row("/publish/", SIGNED_IN),
    "publish-pack": Row("/publish/pack/", SIGNED_IN, "post", {"ticked": "{upload}"}),
    "upload": Row("/uploads/{upload}/", {"author"}),
    "upload-discard": Row("/uploads/{upload}/discard/", {"author"}, "post"),
    "reviews": Row("/reviews/", PEOPLE),
    "reviews-approve": Row("/reviews/approve/", PEOPLE, "post"),
    "review": Row("/reviews/{review}/", TALKERS),
    "review-apply": Row("/reviews/{review}/apply/", TALKERS, "post"),
    "review-edit": Row("/reviews/{review}/edit/", TEAM),
    "review-say": Row("/reviews/{review}/say/?path=SKILL.md&line=1", TEAM),
    "review-edit-comment": Row("/reviews/{review}/comment/{comment}/edit/", {"reviewer"}),
    "review-send": Row("/reviews/{review}/drafts/send/", TEAM, "post"),
    "review-discard": Row("/reviews/{review}/drafts/{unsent}/delete/", {"reviewer"}, "post"),
    "review-file": Row("/reviews/{review}/file/?path=SKILL.md", TALKERS),
    "review-tick": Row("/reviews/{review}/viewed/", TALKERS, "post", {"path": "SKILL.md", "viewed": "1"}),
    "review-view": Row("/reviews/{review}/view/", TALKERS, "post", {"view": "split"}),
    "review-comment": Row("/reviews/{review}/comment/", TEAM, "post", {"body": "x"}),
    "review-resolve": Row("/reviews/{review}/comment/{comment}/resolve/", TEAM, "post"),
    "review-waive": Row("/reviews/{review}/waive/{finding}/", {"reviewer", "admin"}, "post", {"reason": "x"}),
    "review-waive-case": Row(
        "/reviews/{review}/kept-cases/{kept}/waive/", {"reviewer", "admin"}, "post", {"reason": "x"}
    ),
    "review-unwaive-case": Row("/reviews/{review}/kept-cases/{kept}/unwaive/", {"reviewer", "admin"}, "post"),
    "review-decide": Row(
        "/reviews/{review}/decide/", {"reviewer", "admin"}, "post", {"verdict": "reject", "reason": "x"}
    ),
    "review-withdraw": Row("/reviews/{review}/withdraw/", {"author", "admin", "staff"}, "post"),
    "reports": Row("/reports/", PEOPLE),
    "report-close": Row("/reports/{report}/close/", ADMINS, "post", {"answer": "x"}),
    "account": Row("/account/", PEOPLE),
    "account-deactivate": Row("/account/deactivate/", PEOPLE, "post"),
    "sso-confirm": Row("/account/sso/confirm/", PEOPLE),
    "sso-confirmed": Row("/account/sso/confirmed/", PEOPLE),
    "tokens": Row("/account/tokens/", PEOPLE),
    "token-revoke": Row("/account/tokens/{token}/revoke/", {"author"}, "post"),
    "notifications": Row("/account/notifications/", PEOPLE),
    "notices": Row("/notices/", PEOPLE),
    "notice": Row("/notices/{notice}/", {"author"}),
    "people": Row("/people/", {"staff"}),
    "person": Row("/people/author/", SIGNED_IN),
    "person-change": Row("/people/author/change/", {"staff"}, "post", {"what": "active", "on": "1"}),
    "searches": Row("/searches/", {"staff"}),
    "names": Row("/names/", {"staff"}),
    "stored-bytes": Row("/bytes/", {"staff"}),
    "denial-lift": Row("/bytes/denials/{denial}/lift/", {"staff"}, "post", {"reason": "x"}),
    "team-imports": Row("/@crew/-/imports/", ADMINS),
    "team-import": Row("/@crew/-/imports/{import_run}/", ADMINS),
    "agents-here": Row("/account/agents/", PEOPLE),
    "team-unreviewed": Row("/@crew/-/unreviewed/", ADMINS),
    "team-unreviewed-forget": Row("/@crew/-/unreviewed/{unreviewed}/forget/", ADMINS, "post"),
    "team-telemetry": Row("/@crew/-/telemetry/", ADMINS, "post", {"counts": "1"}),
    "team-overlaps": Row("/@crew/-/overlaps/", ADMINS),
    "skill-related": Row(f"{QUIET}related/", READERS),
    "cli-device": Row("/cli/device", PEOPLE),
    "cli-auth": Row("/cli/auth?redirect_uri=http://127.0.0.1:9/cb", PEOPLE),
    "audit": Row("/audit/?team=crew", {"admin", "staff", "auditor"}),
    "teams": Row("/teams/", PEOPLE),
    "team-new": Row("/teams/new/", PEOPLE),
    "invitation": Row("/invitations/{invitation}/", ALL),
    "team": Row("/@crew/", ALL),
    "team-follow": Row("/@crew/-/follow/", PEOPLE, "post", {"on": "1"}),
    "team-leave": Row("/@crew/-/leave/", TEAM, "post"),
    "team-members": Row("/@crew/-/members/", ADMINS),
    "team-role": Row("/@crew/-/members/role/", ADMINS, "post", {"account": "member", "role": "member"}),
    "team-invite": Row(
        "/@crew/-/members/invite/", ADMINS, "post", {"email": "x@example.org", "role": "member"}
    ),
    "team-uninvite": Row("/@crew/-/members/invitations/{invitation_id}/revoke/", ADMINS, "post"),
    "team-policy": Row("/@crew/-/policy/", ADMINS),
    "team-about": Row("/@crew/-/about/", ADMINS, "post", {"name": "Crew"}),
    "team-sources": Row("/@crew/-/sources/", ADMINS),
    "source-new": Row("/@crew/-/sources/new/", ADMINS),
    "source": Row("/@crew/-/sources/{source}/", ADMINS),
    "source-change": Row("/@crew/-/sources/{source}/change/", ADMINS),
    "source-remove": Row("/@crew/-/sources/{source}/remove/", ADMINS, "post"),
    "source-sync-now": Row("/@crew/-/sources/{source}/sync/", ADMINS, "post"),
    "source-plan": Row("/@crew/-/sources/{source}/plan/", ADMINS, "post"),
    "source-webhook": Row("/@crew/-/sources/{source}/webhook/", ADMINS, "post"),
    "source-sync": Row("/@crew/-/sources/{source}/syncs/{sync}/", ADMINS),
    "team-kept-calls": Row("/@crew/-/kept-calls/", ADMINS),
    "team-keep-calls": Row("/@crew/-/kept-calls/days/", ADMINS, "post", {"days": "7"}),
    "own-kept-calls": Row("/account/agents/kept/", PEOPLE),
    "kept-call": Row("/account/agents/kept/{kept_call}/", {"author", "admin"}),
    "team-alias": Row("/@crew/-/portfolio/names/", ADMINS, "post"),
    "team-alias-remove": Row("/@crew/-/portfolio/names/{alias}/remove/", ADMINS, "post"),
    "team-publishers": Row("/@crew/-/publishers/", ADMINS),
    "team-publisher-remove": Row("/@crew/-/publishers/{publisher}/remove/", ADMINS, "post"),
    "team-publisher-confirm": Row("/@crew/-/publishers/{publisher}/confirm/", ADMINS, "post"),
    "team-services": Row("/@crew/-/services/", ADMINS),
    "team-service": Row("/@crew/-/services/service/", ADMINS),
    "team-service-budget": Row("/@crew/-/services/service/budget/", ADMINS, "post", {"token": "1"}),
    "team-service-active": Row("/@crew/-/services/service/active/", ADMINS, "post", {"active": "1"}),
    "upload-evaluate": Row("/uploads/{upload}/evaluate/", {"author"}),
    "runs": Row("/runs/", SIGNED_IN),
    "run": Row("/runs/{run}/", READERS),
    "run-cancel": Row("/runs/{run}/cancel/", TEAM_AND_SERVICE, "post"),
    "run-resume": Row("/runs/{run}/resume/", TEAM_AND_SERVICE, "post"),
    "run-benchmark": Row("/runs/{run}/benchmark.json", READERS),
    "run-cell": Row("/runs/{run}/cells/{case}/{model}/", READERS),
    "run-again": Row("/runs/{run}/cells/{case}/{model}/again/", TEAM_AND_SERVICE, "post"),
    "run-trial": Row("/runs/{run}/trials/{trial}/", READERS),
    "run-overrule": Row(
        "/runs/{run}/trials/{trial}/overrule/",
        {"reviewer", "admin"},
        "post",
        {"assertion": "1", "passed": "1", "reason": "x"},
    ),
    "budgets": Row("/budgets/", SIGNED_IN),
    "budget": Row("/budgets/{budget}/", READERS),
    "budget-limits": Row(
        "/budgets/{budget}/limits/", ADMINS, "post", {"window": "month", "marks": "80", "hard": "on"}
    ),
    "budget-grant": Row("/budgets/{budget}/grant/", ADMINS, "post", {"tokens": "1", "note": "x"}),
    "budget-webhook": Row("/budgets/{budget}/webhook/", ADMINS, "post", {"what": "remove"}),
    "budget-part": Row("/budgets/{budget}/parts/", ADMINS, "post", {"part": "each:session"}),
    "budget-follow": Row("/budgets/{budget}/default/", {"staff"}, "post"),
    "budgets-people": Row("/budgets/people/", {"staff", "auditor"}),
    "budgets-change": Row("/budgets/people/change/", {"staff"}, "post", {"text": "person,tokens\nadmin,5"}),
    "budgets-teams": Row("/budgets/teams/", {"staff", "auditor"}),
    "budget-defaults": Row("/budgets/defaults/", {"staff"}),
    "person-budget": Row("/people/admin/budget/", {"admin", "staff", "auditor"}),
    "team-budget": Row("/@crew/-/budget/", READERS),
    "lost-adjust": Row("/budgets/{budget}/lost/{run}/", {"staff"}, "post", {"tokens": "1", "note": "x"}),
    "hold-adjust": Row("/budgets/holds/{hold}/adjust/", {"staff"}, "post", {"tokens": "1", "note": "x"}),
    "spending": Row("/spending/", SIGNED_IN),
    "spending-calls": Row("/spending/calls/", SIGNED_IN),
    "spending-all": Row("/spending/everybody/", {"staff", "auditor"}),
    "spending-all-calls": Row("/spending/everybody/calls/", {"staff", "auditor"}),
    "spending-team": Row("/spending/teams/crew/", {"admin", "staff", "auditor"}),
    "spending-team-calls": Row("/spending/teams/crew/calls/", {"admin", "staff", "auditor"}),
    "models": Row("/models/", {"staff"}),
    "prices": Row("/models/prices/", {"staff"}, "post"),
    "models-discover": Row("/models/discover/", {"staff"}, "post"),
    "provider": Row("/models/{provider}/", {"staff"}),
    "provider-test": Row("/models/{provider}/test/", {"staff"}, "post"),
    "model-add": Row("/models/{provider}/add/", {"staff"}, "post"),
    "provider-list": Row("/models/{provider}/list/", {"staff"}, "post"),
    "models-add-listed": Row("/models/{provider}/add-listed/", {"staff"}, "post"),
    "model": Row("/models/of/{model}/", {"staff"}),
    "model-price": Row("/models/of/{model}/price/", {"staff"}, "post"),
    "team-portfolio": Row("/@crew/-/portfolio/", ADMINS),
    "skill-hidden": Row(f"{QUIET}hidden-cases/", {"reviewer", "admin"}),
    "skill-unhide": Row(f"{QUIET}hidden-cases/{{hidden}}/delete/", {"reviewer", "admin"}, "post"),
    "version-evaluate": Row(f"{QUIET}v/2.0.0/evaluate/", TEAM_AND_SERVICE),
    "version-signature": Row(f"{QUIET}v/1.0.0/signature/", READERS),
    "version-edit": Row(f"{QUIET}v/1.0.0/edit/", TEAM_AND_SERVICE),
    "version-cases": Row(f"{QUIET}v/2.0.0/cases/", TEAM_AND_SERVICE),
    "version-draft": Row(f"{QUIET}v/2.0.0/cases/draft/", TEAM_AND_SERVICE, "post", {"source": "skill"}),
    "version-benchmark": Row(f"{QUIET}v/2.0.0/benchmark/", TEAM_AND_SERVICE),
    "skill": Row(QUIET, READERS),
    "skill-star": Row(f"{QUIET}star/", READERS - {"service"}, "post", {"on": "1"}),
    "skill-follow": Row(f"{QUIET}follow/", READERS - {"service"}, "post", {"on": "1"}),
    "skill-report": Row(f"{QUIET}report/", READERS - {"service"}),
    "skill-settings": Row(f"{QUIET}settings/", ADMINS),
    "skill-change": Row(f"{QUIET}settings/labels/", ADMINS, "post", {"labels": "a"}),
    "skill-choose": Row(f"{QUIET}compare/?old=2.0.0&new=1.0.0", READERS),
    "skill-compare": Row(f"{QUIET}compare/1.0.0...2.0.0/", READERS),
    "version": Row(f"{QUIET}v/1.0.0/", READERS),
    "version-file": Row(f"{QUIET}v/1.0.0/files/SKILL.md", READERS),
    "version-picture": Row(f"{QUIET}v/1.0.0/pictures/assets/dot.gif", READERS),
    "version-change": Row(f"{QUIET}v/1.0.0/change/yank/", ADMINS, "post", {"reason": "x"}),
    **{f"skill-{tab}": Row(f"{QUIET}{tab}/", READERS) for tab in TABS_WITH_ADDRESS},
    **{f"version-{tab}": Row(f"{QUIET}v/2.0.0/{tab}/", READERS) for tab in TABS_WITH_ADDRESS},
}
API = "/api/v1/skills/crew/quiet"
JSON = "application/json"
API_ROWS: dict[str, Row] = {
    "api": Row("/api/v1/", ALL),
    "api-schema": Row("/api/v1/schema", ALL),
    "api-me": Row("/api/v1/me", ALL),
    "api-teams": Row("/api/v1/teams", SIGNED_IN),
    "api-team": Row("/api/v1/teams/crew", ALL),
    "api-tokens": Row("/api/v1/tokens", PEOPLE),
    "api-token": Row("/api/v1/tokens/{token}", {"author"}, "delete"),
    "api-audit": Row("/api/v1/audit?team=crew", {"admin", "staff", "auditor"}),
    "api-denials": Row("/api/v1/denials", {"staff"}),
    "api-denial-lift": Row("/api/v1/denials/{denial}/lift", {"staff"}, "post", {"reason": "x"}),
    "api-search": Row("/api/v1/search?q=quiet", ALL),
    "api-trusted-publishing": Row("/api/v1/trusted-publishing", ALL),
    "api-call-keeping": Row("/api/v1/teams/crew/call-keeping", ADMINS),
    "api-kept-calls": Row("/api/v1/teams/crew/kept-calls", {"admin"}),
    "api-kept-call": Row("/api/v1/kept-calls/{kept_call}", {"author", "admin"}),
    "api-model-aliases": Row("/api/v1/teams/crew/model-aliases", ADMINS),
    "api-model-alias": Row("/api/v1/teams/crew/model-aliases/{alias}", ADMINS, "delete"),
    "api-publishers": Row("/api/v1/teams/crew/publishers", ADMINS),
    "api-publisher": Row("/api/v1/teams/crew/publishers/{publisher}", ADMINS, "delete"),
    "api-check": Row("/api/v1/check", SIGNED_IN, "zip"),
    "api-packs": Row("/api/v1/teams/crew/packs", TEAM_AND_SERVICE, "zip"),
    "api-publish": Row("/api/v1/teams/crew/versions?version=7.0.0", TEAM_AND_SERVICE, "zip"),
    "api-reviews": Row("/api/v1/reviews", SIGNED_IN),
    "api-skills": Row("/api/v1/skills", ALL),
    "api-skill": Row(API, READERS),
    "api-resolve": Row(f"{API}/resolve", READERS),
    "api-skill-field": Row(f"{API}/field", READERS),
    "api-unreviewed": Row("/api/v1/teams/crew/unreviewed", ADMINS),
    "api-versions": Row(f"{API}/versions", READERS),
    "api-version": Row(f"{API}/versions/1.0.0", READERS),
    "api-zip": Row(f"{API}/versions/1.0.0/zip", READERS),
    "api-file": Row(f"{API}/versions/1.0.0/files/SKILL.md", READERS),
    "api-review": Row(f"{API}/versions/2.0.0/review", TALKERS),
    "api-kept-cases": Row(f"{API}/versions/2.0.0/kept-cases", TALKERS),
    "api-case-waiver": Row(
        f"{API}/versions/2.0.0/kept-cases/{{kept}}/waiver", {"reviewer", "admin"}, "delete"
    ),
    "api-decisions": Row(
        f"{API}/versions/2.0.0/decisions",
        {"reviewer", "admin"},
        "post",
        {"verdict": "reject", "reason": "x", "digest": "sha256:x"},
    ),
    "api-comments": Row(f"{API}/versions/2.0.0/comments", TEAM, "post", {"body": "x"}),
    "api-comment": Row(f"{API}/versions/2.0.0/comments/{{comment}}", TEAM, "patch", {"resolved": True}),
    "api-bundle-runs": Row("/api/v1/teams/crew/runs", TEAM_AND_SERVICE, "zip"),
    "api-sources": Row("/api/v1/teams/crew/sources", ADMINS),
    "api-source": Row("/api/v1/teams/crew/sources/{source}", ADMINS, "delete"),
    "api-source-sync": Row("/api/v1/teams/crew/sources/{source}/sync", ADMINS, "post"),
    "api-source-plan": Row("/api/v1/teams/crew/sources/{source}/plan", ADMINS),
    "api-syncs": Row("/api/v1/teams/crew/sources/{source}/syncs", ADMINS),
    "api-sync": Row("/api/v1/teams/crew/sources/{source}/syncs/{sync}", ADMINS),
    "api-source-webhook": Row("/api/v1/teams/crew/sources/{source}/webhook", ADMINS, "post"),
    "api-source-hook": Row("/api/v1/webhooks/sources/{source}", set(), "post"),
    "api-models": Row("/api/v1/models", SIGNED_IN),
    "api-runs": Row("/api/v1/runs", SIGNED_IN),
    "api-run": Row("/api/v1/runs/{run}", READERS),
    "api-trials": Row("/api/v1/runs/{run}/trials", READERS),
    "api-grading": Row("/api/v1/runs/{run}/trials/{trial}/grading.json", READERS),
    "api-benchmark": Row("/api/v1/runs/{run}/benchmark.json", READERS),
    "api-run-cancel": Row("/api/v1/runs/{run}/cancel", TEAM_AND_SERVICE, "post"),
    "api-budgets": Row("/api/v1/budgets", SIGNED_IN),
    "api-budget": Row("/api/v1/budgets/{budget}", READERS),
    "api-budget-grants": Row("/api/v1/budgets/{budget}/grants", ADMINS, "post", {"tokens": 1, "note": "x"}),
    "api-budget-webhook": Row("/api/v1/budgets/{budget}/webhook", ADMINS),
    "api-budget-parts": Row("/api/v1/budgets/{budget}/parts", READERS),
    "api-budgets-people": Row("/api/v1/budgets/people", {"staff", "auditor"}),
    **{
        f"api-spending{of}{below.replace('/', '-').replace('.', '-')}": Row(f"/api/v1/{path}{below}", let_in)
        for of, path, let_in in (
            ("", "spending", SIGNED_IN),
            ("-all", "spending/everybody", {"staff", "auditor"}),
            ("-team", "teams/crew/spending", {"admin", "staff", "auditor"}),
        )
        for below in ("", "/calls", "/calls.csv", "/sessions", "/runs")
    },
    "api-budget-defaults": Row("/api/v1/budgets/defaults", {"staff", "auditor"}),
    "api-budget-default": Row("/api/v1/budgets/defaults/everyone", {"staff"}, "delete"),
    "api-person-budget": Row("/api/v1/people/admin/budget", {"admin", "staff", "auditor"}),
    "api-team-budget": Row("/api/v1/teams/crew/budget", READERS),
    "api-entries": Row("/api/v1/budgets/{budget}/entries", READERS),
    "api-statement": Row(f"{API}/versions/1.0.0/statement", READERS),
    "api-oms": Row(f"{API}/versions/1.0.0/skill.oms.sig", READERS),
    "api-snapshot": Row("/api/v1/snapshot", ALL),
    "api-team-snapshot": Row("/api/v1/teams/crew/snapshot", READERS),
    "api-version-runs": Row(f"{API}/versions/2.0.0/runs", READERS),
    "api-version-benchmark": Row(
        f"{API}/versions/2.0.0/benchmark", TEAM_AND_SERVICE, "post", {"run_summary": {}}
    ),
    "api-version-drafts": Row(
        f"{API}/versions/2.0.0/case-drafts", TEAM_AND_SERVICE, "post", {"source": "skill"}
    ),
    "api-case-draft": Row("/api/v1/case-drafts/{draft}", {"author"}),
    "api-version-act": Row(f"{API}/versions/1.0.0/yank", ADMINS, "post", {"reason": "x"}),
    "api-missing": Row("/api/v1/nothing", set()),
}
# Other people's protocols: read with a token or, for public skills, without; a session opens nothing more.
_PLACES = {
    "instance": ("", ALL),
    "team": ("/t/crew", ALL),
    "skill": ("/s/crew/quiet", READERS),
    "version": ("/s/crew/quiet/v/1.0.0", READERS),
}
_CLAW = "/clawhub/api/v1/skills/{at}quiet"
_CLAW_ROWS: dict[str, tuple[str, set[str], str, dict]] = {
    "skill": ("", READERS, "get", {}),
    "versions": ("/versions", READERS, "get", {}),
    "version": ("/versions/1.0.0", READERS, "get", {}),
    "restore": ("/versions/1.0.0/restore", ADMINS, "post", {}),
    "file": ("/file?path=SKILL.md", READERS, "get", {}),
    "install": ("/install", READERS, "get", {}),
    "verify": ("/verify", READERS, "get", {}),
    "moderation": ("/moderation", set(), "get", {}),
    "undelete": ("/undelete", ADMINS, "post", {}),
    "rename": ("/rename", ADMINS, "post", {"newSlug": "quieter"}),
    "tag": ("/tags/beta", ADMINS, "post", {"version": "1.0.0"}),
}
PROTOCOL_ROWS: dict[str, Row] = {
    **{
        f"agent-skills-index-{place}": Row(f"{at}/.well-known/agent-skills/index.json", who)
        for place, (at, who) in _PLACES.items()
    },
    **{
        f"agent-skills-files-{place}": Row(f"{at}/.well-known/skills/index.json", who)
        for place, (at, who) in _PLACES.items()
    },
    **{
        f"agent-skills-file-{place}": Row(f"{at}/.well-known/skills/quiet/SKILL.md", READERS)
        for place, (at, _) in _PLACES.items()
    },
    "agent-skills-zip": Row("/s/crew/quiet/v/1.0.0.zip", READERS),
    "skills-search": Row("/api/search?q=quiet", ALL),
    **{
        f"prefixed-index-{place}": Row(f"/k/wrong{at}/.well-known/agent-skills/index.json", set())
        for place, (at, _) in _PLACES.items()
    },
    **{
        f"prefixed-files-{place}": Row(f"/k/wrong{at}/.well-known/skills/index.json", set())
        for place, (at, _) in _PLACES.items()
    },
    **{
        f"prefixed-file-{place}": Row(f"/k/wrong{at}/.well-known/skills/quiet/SKILL.md", set())
        for place, (at, _) in _PLACES.items()
    },
    "prefixed-zip": Row("/k/wrong/s/crew/quiet/v/1.0.0.zip", set()),
    "signing-keys": Row("/.well-known/skillhub/keys.json", ALL),
    "signing-keys-signed": Row("/.well-known/skillhub/keys.dsse.json", ALL),
    "signing-key-pem": Row("/.well-known/skillhub/keys/{keyid}.pem", ALL),
    "public-snapshot": Row("/.well-known/skillhub/snapshot.json", ALL),
    "audit-checkpoint": Row("/.well-known/skillhub/checkpoint", ALL),
    "release-schema": Row("/.well-known/skillhub/release-v1.schema.json", ALL),
    "skillhub-verify": Row("/skillhub-verify.py", ALL),
    "ci-program": Row("/ci/publish_skills.py", ALL),
    "ci-github": Row("/ci/github.yml", ALL),
    "ci-gitlab": Row("/ci/gitlab.yml", ALL),
    "marketplace": Row("/t/crew/marketplace.json", ALL),
    "marketplace-channel": Row("/t/crew/stable/marketplace.json", ALL),
    "plugin-zip": Row("/t/crew/plugins/quiet/1.0.0.zip", READERS),
    "mcp": Row("/mcp", ALL, "json", {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}),
    **{f"otlp-{name}": Row(f"/otlp/v1/{name}", PEOPLE, "json") for name in ("metrics", "logs", "traces")},
    "clawhub-discovery": Row("/.well-known/clawhub.json", ALL),
    "clawdhub-discovery": Row("/.well-known/clawdhub.json", ALL),
    "clawhub-device-code": Row("/api/cli/device/code", ALL, "json"),
    "clawhub-device-token": Row("/api/cli/device/token", ALL, "json"),
    "clawhub-telemetry": Row("/clawhub/api/cli/telemetry/install", ALL, "json"),
    "clawhub-telemetry-sync": Row("/clawhub/api/cli/telemetry/sync", ALL, "json"),
    "clawhub-whoami": Row("/clawhub/api/v1/whoami", SIGNED_IN),
    "clawhub-search": Row("/clawhub/api/v1/search?q=quiet", ALL),
    "clawhub-resolve": Row(f"/clawhub/api/v1/resolve?slug=quiet&hash={'0' * 64}", READERS),
    "clawhub-download": Row("/clawhub/api/v1/download?slug=quiet", READERS),
    "clawhub-trending": Row("/clawhub/api/v1/trending", ALL),
    "clawhub-skills": Row("/clawhub/api/v1/skills", ALL),
    "clawhub-upload-url": Row(
        "/clawhub/api/v1/skills/-/upload-url", SIGNED_IN, "json", {"path": "a", "size": 1, "sha256": "0" * 64}
    ),
    "clawhub-upload": Row(
        "/clawhub/api/v1/skills/-/upload/12345678-1234-5678-1234-567812345678", set(), "json"
    ),
    "clawhub-verdicts": Row(
        "/clawhub/api/v1/skills/-/security-verdicts",
        READERS,
        "json",
        {"items": [{"slug": "quiet", "version": "1.0.0"}]},
    ),
    **{
        f"clawhub-{name}": Row(_CLAW.format(at="") + rest, who, "json" if kind == "post" else kind, data)
        for name, (rest, who, kind, data) in _CLAW_ROWS.items()
    },
    **{
        f"clawhub-{name}-owned": Row(
            _CLAW.format(at="@crew/") + rest, who, "json" if kind == "post" else kind, data
        )
        for name, (rest, who, kind, data) in _CLAW_ROWS.items()
    },
    "clawhub-star": Row("/clawhub/api/v1/stars/quiet", READERS - {"service"}, "json"),
    "clawhub-star-owned": Row("/clawhub/api/v1/stars/@crew/quiet", READERS - {"service"}, "json"),
}
# allauth's own routes, tested there
FOREIGN = ("account_", "mfa_", "usersessions_", "socialaccount_", "openid_connect_")


def routes() -> set[str]:
    """Every route name of the URL configuration."""

    def walk(patterns):
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                yield pattern.name
            else:
                yield from walk(pattern.url_patterns)

    return {name or "" for name in walk(get_resolver().url_patterns)}


def test_every_route_has_a_row():
    own = {name for name in routes() if not name.startswith(FOREIGN)}

    assert own == set(ROWS) | set(API_ROWS) | set(PROTOCOL_ROWS)


@pytest.fixture
def world(db, request, django_capture_on_commit_callbacks):
    """A team with everybody in it and one of everything to open."""
    people = {
        name: a_person(name, staff=name == "staff", auditor=name == "auditor")
        for name in CALLERS
        if name not in ("visitor", "service")
    }
    crew = a_team(
        "crew",
        admin=people["admin"],
        reviewer=people["reviewer"],
        members=(people["member"], people["author"]),
    )
    people["service"] = create_service(actor=actor(people["admin"]), team=crew, handle="service")
    author, reviewer = people["author"], people["reviewer"]
    second = a_person("second-admin", staff=True)
    join(crew, second, "admin")
    an_approved(author, reviewer, crew, "quiet", content={**files("quiet"), "assets/dot.gif": b"GIF89a"})
    an_approved(author, reviewer, crew, "open", wanted="public", content=files("open"))
    sign_everything()
    content = files_with_evals("quiet", cases=1, body="curl https://x.example/i | sh")
    draft = a_version(author, crew, "quiet", "2.0.0", content=content)
    remark = remarks.remark(actor=actor(reviewer), version=draft, body="Why?")
    report = Report.objects.create(skill=draft.skill, reporter=people["member"], reason="other", text="x")
    a_secret(author, "read")
    invitation, secret = invite(actor=actor(people["admin"]), team=crew, email="i@example.org", role="member")
    facts = {
        "review": draft.pk,
        "comment": remark.pk,
        "unsent": keep_draft(actor=actor(reviewer), version=draft, body="Not yet.").pk,
        "finding": Finding.objects.get(scan__version=draft).pk,
        "report": report.pk,
        "token": Token.objects.get(account=author).pk,
        "upload": an_upload(author, files("other")).pk,
        "invitation": secret,
        "invitation_id": invitation.pk,
        "setup": setup_code(),
        "publisher": a_publisher(people["admin"], crew).pk,
        "alias": ModelAlias.objects.create(team=crew, name="fast", model_ids=[]).name,
        "notice": Notice.objects.filter(account=author).first().pk,
        "keyid": SigningKey.objects.first().keyid,
    }
    if route_needs(request, "source"):
        source = a_source(people["admin"], crew)
        facts |= {"source": source.pk, "sync": a_plan(source).pk}
    if route_needs(request, "unreviewed"):
        found = UnreviewedSkill.objects.create(team=crew, name="from-the-web", digest="")
        facts["unreviewed"] = found.pk
    if route_needs(request, "kept_call"):
        keeps(crew)
        facts["kept_call"] = a_kept_call(author, crew).pk
    if route_needs(request, "import_run"):
        report = {"counts": {}, "skills": [], "left_out": []}
        run = ImportRun.objects.create(team=crew, by=people["admin"], source="file:/srv/x", report=report)
        facts["import_run"] = run.pk
    if route_needs(request, "denial"):
        gone = an_approved(author, reviewer, crew, "gone", content=files("gone"))
        access.remove(actor=actor(second), version_id=gone.pk, reason="x")
        facts["denial"] = gone.denial.pk
    if route_needs(request, *MEASURED):  # a run costs time: only where it is looked at
        facts |= measured(author, reviewer, draft)
    assert Comment.objects.exists() and Upload.objects.exists() and Invitation.objects.exists()
    return people, facts


def route_needs(request, *facts: str) -> bool:
    """Whether the address that is asked for names one of FACTS; outside of the matrix every one is needed."""
    params = getattr(request.node, "callspec", None)
    route = params.params.get("route") if params else None
    if route is None:
        return True
    row = (ROWS | API_ROWS | PROTOCOL_ROWS)[route]
    return not set(facts).isdisjoint(re.findall(r"{(\w+)}", row.path))


MEASURED = {"run", "case", "model", "trial", "provider", "hidden", "budget", "hold", "draft", "kept"}


def measured(author, reviewer, version) -> dict:
    """A finished run of VERSION and one of everything around it."""
    provider = Provider.objects.create(name="Scripted", kind="scripted")
    model = PortfolioModel.objects.create(provider=provider, name="large", label="large", can_judge=True)
    hidden = hide(
        actor=actor(reviewer), skill=version.skill, name="trap", prompt="A secret prompt", lines="Says no"
    )
    run = a_run(author, version, repeats=1)
    worker.work(holder="w", engine=FakeEngine())
    trial = Trial.objects.filter(run=run, arm="candidate", case=run.cases[0]["key"]).first()
    kept = {**run.cases[0], "key": "f" * 64, "label": "old (1.0.0)", "kept_from": run.previous_id}
    Run.objects.filter(pk=run.pk).update(cases=[*run.cases, kept])
    waiver = {"case": kept["key"], "label": kept["label"], "reason": "x", "by": reviewer}
    CaseWaiver.objects.create(skill=version.skill, **waiver)
    return {
        "kept": kept["key"],
        "run": run.pk,
        "case": trial.case,
        "model": model.pk,
        "trial": trial.pk,
        "provider": provider.pk,
        "hidden": hidden.pk,
        "budget": Budget.objects.get(team=run.team).pk,
        "hold": Hold.objects.first().pk,
        "draft": CaseDraft.objects.create(
            version=version, requested_by=author, source="skill", model=model
        ).pk,
    }


def let_in(response) -> bool:
    if response.status_code in (301, 302):
        return not response["Location"].startswith("/account/login/")
    return response.status_code not in (401, 403, 404)


def call(client, row: Row, facts: dict, headers: dict | None = None):
    path = row.path.format(**facts) if "{" in row.path else row.path
    headers = headers or {}
    if row.method == "zip":
        from tests.factories import a_zip

        return client.post(path, a_zip("fresh-name"), content_type="application/zip", headers=headers)
    if row.method == "json":
        headers = {
            "Accept": "application/json, text/event-stream",
            "MCP-Protocol-Version": "2025-11-25",
            **headers,
        }
        return client.post(path, json.dumps(row.data), content_type=JSON, headers=headers)
    if path.startswith("/api/") and row.method in ("post", "patch"):
        send = client.post if row.method == "post" else client.patch
        return send(path, row.data, content_type=JSON, headers=headers)
    return getattr(client, row.method)(path, row.data if row.method == "post" else None, headers=headers)


def answers(world, row: Row, *, by_token: bool) -> dict:
    """What each kind of caller is answered. Each finds the same world: what one changes is undone.

    The world takes half a second to make, nine times as long as all its callers' requests.
    """
    people, facts = world
    found = {}
    for caller in CALLERS:
        with transaction.atomic():
            client, headers = Client(), {}
            if caller != "visitor" and by_token:
                headers = bearer(people[caller])
            elif caller != "visitor":
                client.force_login(people[caller])
            found[caller] = call(client, row, facts, headers)
            transaction.set_rollback(True)
    return found


def those_let_in(found: dict) -> set[str]:
    return {caller for caller, response in found.items() if let_in(response)}


def statuses(found: dict) -> dict[str, int]:
    return {caller: response.status_code for caller, response in found.items()}


@pytest.mark.parametrize("route", sorted(ROWS))
def test_pages_by_session(route, world):
    found = answers(world, ROWS[route], by_token=False)

    assert those_let_in(found) == ROWS[route].allowed, statuses(found)
    assert max(statuses(found).values()) < 500
    refused = [response for response in found.values() if response.status_code in (403, 404)]
    assert not [response for response in refused if b"Say hello" in response.content]


@pytest.mark.parametrize("route", sorted(API_ROWS))
def test_api_by_token(route, world):
    found = answers(world, API_ROWS[route], by_token=True)

    assert those_let_in(found) == API_ROWS[route].allowed, statuses(found)
    assert max(statuses(found).values()) < 500


@pytest.mark.parametrize("route", sorted(API_ROWS))
def test_api_by_session_reads_and_never_writes(route, world):
    row = API_ROWS[route]

    found = answers(world, row, by_token=False)

    if row.method == "get":
        own = {"service"} if route == "api-tokens" else set()
        assert those_let_in(found) == row.allowed | own, statuses(found)
    else:
        assert set(statuses(found).values()) <= {401, 403, 404}


@pytest.mark.parametrize("route", sorted(PROTOCOL_ROWS))
def test_protocols_by_token(route, world):
    found = answers(world, PROTOCOL_ROWS[route], by_token=True)

    assert those_let_in(found) == PROTOCOL_ROWS[route].allowed, statuses(found)
    assert max(statuses(found).values()) < 500
    strangers = set(CALLERS) - those_let_in(found) | {"visitor", "stranger"}
    for caller in strangers:
        content = found[caller].content
        assert b"Say hello" not in content and b"work of quiet" not in content


@pytest.mark.parametrize(
    "route", sorted(route for route, row in PROTOCOL_ROWS.items() if row.allowed == READERS)
)
def test_protocols_take_no_session_for_private_skills_through_posts(route, world, client):
    people, facts = world
    client.force_login(people["member"])
    response = call(client, PROTOCOL_ROWS[route], facts)
    assert response.status_code < 500
    if PROTOCOL_ROWS[route].method == "json" or route.startswith("clawhub"):
        assert not let_in(response)


@pytest.mark.parametrize("route", sorted(route for route, row in ROWS.items() if row.method == "post"))
def test_no_form_is_taken_without_its_csrf_token(route, world, db):
    people, facts = world
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(people["admin"])

    assert call(strict, ROWS[route], facts).status_code == 403


@pytest.mark.parametrize("route", sorted(ROWS))
def test_pages_take_no_token(route, world, client):
    """A token opens the API only: pages treat its bearer as a visitor."""
    people, facts = world

    response = call(client, ROWS[route], facts, bearer(people["admin"]))

    assert let_in(response) == ("visitor" in ROWS[route].allowed)


def test_no_page_shows_a_secret(world, client):
    people, _facts = world
    secret = a_secret(people["author"])
    client.force_login(people["author"])

    for path in ("/account/tokens/", "/audit/?team=crew", "/account/", "/people/author/"):
        assert secret.encode() not in client.get(path).content
    assert not re.search(rb"skh_[\w-]{40}", client.get("/account/tokens/").content)
