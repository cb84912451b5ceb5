"""Addresses of the API, without trailing slashes."""

from django.urls import path, re_path
from drf_spectacular.views import SpectacularJSONAPIView

from skills.api.v1 import (
    accounts,
    audit,
    budgets,
    case_drafts,
    denials,
    evals,
    fetch,
    field,
    kept_calls,
    kept_cases,
    model_aliases,
    outside_benchmarks,
    packs,
    publish,
    publishers,
    reviews,
    root,
    signatures,
    skills,
    sources,
    spending,
    versions,
)

_SKILL = "skills/<handle:team>/<skill:name>"
_SOURCE = "teams/<handle:team>/sources/<int:pk>"
_VERSION = f"{_SKILL}/versions/<number:number>"

# Whose spending: the caller's, everybody's, a team's.
_SPENDING = {"": "spending", "-all": "spending/everybody", "-team": "teams/<handle:team>/spending"}
_spending_urls = [
    path(
        f"{address}{below}",
        view,
        {"everybody": True} if of == "-all" else {},
        name=f"api-spending{of}{below.replace('/', '-').replace('.', '-')}",
    )
    for of, address in _SPENDING.items()
    for below, view in {
        "": spending.SpendingView.as_view(),
        "/calls": spending.CallList.as_view(),
        "/calls.csv": spending.CallTable.as_view(),
        "/sessions": spending.CallGroups.as_view(),
        "/runs": spending.CallGroups.as_view(runs=True),
    }.items()
]

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
    path("trusted-publishing", publishers.TrustedPublishing.as_view(), name="api-trusted-publishing"),
    path("teams/<handle:team>/publishers", publishers.TeamPublishers.as_view(), name="api-publishers"),
    path(
        "teams/<handle:team>/publishers/<int:pk>",
        publishers.TeamPublisher.as_view(),
        name="api-publisher",
    ),
    path("teams/<handle:team>/model-aliases", model_aliases.ModelAliases.as_view(), name="api-model-aliases"),
    path(
        "teams/<handle:team>/model-aliases/<slug:name>",
        model_aliases.ModelAliasView.as_view(),
        name="api-model-alias",
    ),
    path("teams/<handle:team>/call-keeping", kept_calls.CallKeepingView.as_view(), name="api-call-keeping"),
    path("teams/<handle:team>/kept-calls", kept_calls.KeptCalls.as_view(), name="api-kept-calls"),
    path("kept-calls/<uuid:pk>", kept_calls.KeptCallView.as_view(), name="api-kept-call"),
    path("teams/<handle:team>/unreviewed", field.TeamUnreviewed.as_view(), name="api-unreviewed"),
    path("teams/<handle:team>/versions", publish.Publish.as_view(), name="api-publish"),
    path("teams/<handle:team>/packs", packs.PublishPack.as_view(), name="api-packs"),
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
    path("case-drafts/<int:pk>", case_drafts.DraftView.as_view(), name="api-case-draft"),
    path("budgets", budgets.BudgetList.as_view(), name="api-budgets"),
    path("budgets/people", budgets.PeopleBudgets.as_view(), name="api-budgets-people"),
    path("budgets/defaults", budgets.DefaultBudgets.as_view(), name="api-budget-defaults"),
    path("budgets/defaults/<slug:whom>", budgets.DefaultBudgetView.as_view(), name="api-budget-default"),
    path("budgets/<int:pk>", budgets.BudgetView.as_view(), name="api-budget"),
    path("budgets/<int:pk>/webhook", budgets.BudgetWebhookView.as_view(), name="api-budget-webhook"),
    path("budgets/<int:pk>/grants", budgets.BudgetGrants.as_view(), name="api-budget-grants"),
    path("budgets/<int:pk>/parts", budgets.BudgetParts.as_view(), name="api-budget-parts"),
    path("people/<handle:handle>/budget", budgets.PersonBudget.as_view(), name="api-person-budget"),
    path("teams/<handle:team>/budget", budgets.TeamBudget.as_view(), name="api-team-budget"),
    path("budgets/<int:pk>/entries", budgets.BudgetEntries.as_view(), name="api-entries"),
    *_spending_urls,
    path("reviews", reviews.ReviewQueue.as_view(), name="api-reviews"),
    path("skills", skills.SkillList.as_view(), name="api-skills"),
    path(_SKILL, skills.SkillView.as_view(), name="api-skill"),
    path(f"{_SKILL}/field", field.SkillField.as_view(), name="api-skill-field"),
    path(f"{_SKILL}/resolve", skills.Resolve.as_view(), name="api-resolve"),
    path(f"{_SKILL}/versions", versions.VersionList.as_view(), name="api-versions"),
    path(_VERSION, versions.VersionView.as_view(), name="api-version"),
    path(f"{_VERSION}/statement", signatures.VersionStatement.as_view(), name="api-statement"),
    path(f"{_VERSION}/skill.oms.sig", signatures.VersionModelSignature.as_view(), name="api-oms"),
    path(f"{_VERSION}/runs", evals.VersionRuns.as_view(), name="api-version-runs"),
    path(
        f"{_VERSION}/benchmark", outside_benchmarks.VersionBenchmark.as_view(), name="api-version-benchmark"
    ),
    path(f"{_VERSION}/case-drafts", case_drafts.VersionDrafts.as_view(), name="api-version-drafts"),
    path(f"{_VERSION}/review", reviews.ReviewView.as_view(), name="api-review"),
    path(f"{_VERSION}/kept-cases", kept_cases.KeptCases.as_view(), name="api-kept-cases"),
    path(
        f"{_VERSION}/kept-cases/<slug:key>/waiver",
        kept_cases.CaseWaiverView.as_view(),
        name="api-case-waiver",
    ),
    path(f"{_VERSION}/decisions", reviews.Decisions.as_view(), name="api-decisions"),
    path(f"{_VERSION}/comments", reviews.Comments.as_view(), name="api-comments"),
    path(f"{_VERSION}/comments/<int:comment>", reviews.CommentView.as_view(), name="api-comment"),
    path(f"{_VERSION}/<slug:act>", versions.VersionAct.as_view(), name="api-version-act"),
    re_path(r"^.*$", root.NoSuchAddress.as_view(), name="api-missing"),
]
