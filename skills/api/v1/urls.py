"""Addresses of the API, without trailing slashes."""

from django.urls import path, re_path
from drf_spectacular.views import SpectacularJSONAPIView

from skills.api.v1 import (
    accounts,
    audit,
    budgets,
    denials,
    evals,
    fetch,
    publish,
    reviews,
    root,
    signatures,
    skills,
    sources,
    versions,
)

_SKILL = "skills/<handle:team>/<skill:name>"
_SOURCE = "teams/<handle:team>/sources/<int:pk>"
_VERSION = f"{_SKILL}/versions/<number:number>"

urlpatterns = [
    # what is asked most comes first: addresses are tried in this order
    path(f"{_VERSION}/zip", fetch.VersionZip.as_view(), name="api-zip"),
    path(f"{_VERSION}/files/<file:path>", fetch.VersionFile.as_view(), name="api-file"),
    path("", root.Root.as_view(), name="api"),
    path("schema", SpectacularJSONAPIView.as_view(), name="api-schema"),
    path("me", accounts.MeView.as_view(), name="api-me"),
    path("teams", accounts.TeamList.as_view(), name="api-teams"),
    path("teams/<handle:team>", accounts.TeamView.as_view(), name="api-team"),
    path("tokens", accounts.TokenList.as_view(), name="api-tokens"),
    path("tokens/<int:pk>", accounts.TokenView.as_view(), name="api-token"),
    path("audit", audit.AuditList.as_view(), name="api-audit"),
    path("denials", denials.DenialList.as_view(), name="api-denials"),
    path("denials/<int:pk>/lift", denials.DenialLift.as_view(), name="api-denial-lift"),
    path("search", skills.Search.as_view(), name="api-search"),
    path("check", publish.Check.as_view(), name="api-check"),
    path("snapshot", signatures.SnapshotView.as_view(), name="api-snapshot"),
    path("teams/<handle:team>/snapshot", signatures.TeamSnapshot.as_view(), name="api-team-snapshot"),
    path("teams/<handle:team>/versions", publish.Publish.as_view(), name="api-publish"),
    path("teams/<handle:team>/runs", evals.BundleRuns.as_view(), name="api-bundle-runs"),
    path("teams/<handle:team>/sources", sources.SourceList.as_view(), name="api-sources"),
    path(_SOURCE, sources.SourceView.as_view(), name="api-source"),
    path(f"{_SOURCE}/sync", sources.SourceSync.as_view(), name="api-source-sync"),
    path(f"{_SOURCE}/plan", sources.SourcePlan.as_view(), name="api-source-plan"),
    path(f"{_SOURCE}/syncs", sources.SyncList.as_view(), name="api-syncs"),
    path(f"{_SOURCE}/syncs/<int:sync>", sources.SyncView.as_view(), name="api-sync"),
    path(f"{_SOURCE}/webhook", sources.SourceWebhook.as_view(), name="api-source-webhook"),
    path("webhooks/sources/<int:pk>", sources.SourceHook.as_view(), name="api-source-hook"),
    path("models", evals.ModelList.as_view(), name="api-models"),
    path("runs", evals.RunList.as_view(), name="api-runs"),
    path("runs/<int:pk>", evals.RunView.as_view(), name="api-run"),
    path("runs/<int:pk>/trials", evals.RunTrials.as_view(), name="api-trials"),
    path("runs/<int:pk>/trials/<int:trial>/grading.json", evals.RunGrading.as_view(), name="api-grading"),
    path("runs/<int:pk>/benchmark.json", evals.RunBenchmark.as_view(), name="api-benchmark"),
    path("runs/<int:pk>/cancel", evals.RunCancel.as_view(), name="api-run-cancel"),
    path("budgets", budgets.BudgetList.as_view(), name="api-budgets"),
    path("budgets/<int:pk>/entries", budgets.BudgetEntries.as_view(), name="api-entries"),
    path("reviews", reviews.ReviewQueue.as_view(), name="api-reviews"),
    path("skills", skills.SkillList.as_view(), name="api-skills"),
    path(_SKILL, skills.SkillView.as_view(), name="api-skill"),
    path(f"{_SKILL}/resolve", skills.Resolve.as_view(), name="api-resolve"),
    path(f"{_SKILL}/versions", versions.VersionList.as_view(), name="api-versions"),
    path(_VERSION, versions.VersionView.as_view(), name="api-version"),
    path(f"{_VERSION}/statement", signatures.VersionStatement.as_view(), name="api-statement"),
    path(f"{_VERSION}/skill.oms.sig", signatures.VersionModelSignature.as_view(), name="api-oms"),
    path(f"{_VERSION}/runs", evals.VersionRuns.as_view(), name="api-version-runs"),
    path(f"{_VERSION}/review", reviews.ReviewView.as_view(), name="api-review"),
    path(f"{_VERSION}/decisions", reviews.Decisions.as_view(), name="api-decisions"),
    path(f"{_VERSION}/comments", reviews.Comments.as_view(), name="api-comments"),
    path(f"{_VERSION}/<slug:act>", versions.VersionAct.as_view(), name="api-version-act"),
    re_path(r"^.*$", root.NoSuchAddress.as_view(), name="api-missing"),
]
