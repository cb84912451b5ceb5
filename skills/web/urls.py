"""Addresses of the pages."""

from django.urls import path

from skills.web.views import (
    audit,
    budgets,
    cases,
    curation,
    docs,
    evals,
    home,
    manage,
    ops,
    people,
    portfolio,
    publish,
    review,
    review_queue,
    skill,
    styleguide,
    teams,
)

_SKILL = "@<handle:team>/<skill:name>/"
_VERSION = f"{_SKILL}v/<number:number>/"

urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", ops.healthz, name="healthz"),
    path("readyz", ops.readyz, name="readyz"),
    path("metrics", ops.metrics, name="metrics"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("setup/<slug:code>/", ops.setup, name="setup"),
    path("skill.md", docs.agents, name="agents"),
    path("llms.txt", docs.llms, name="llms"),
    path("docs/", docs.docs, name="docs"),
    path("docs/reference/", docs.api_reference, name="docs-api"),
    path("docs/<slug:page>/", docs.doc, name="doc"),
    # publishing and review
    path("publish/", publish.publish, name="publish"),
    path("uploads/<uuid:upload_id>/", publish.upload, name="upload"),
    path("uploads/<uuid:upload_id>/discard/", publish.discard, name="upload-discard"),
    path("reviews/", review_queue.queue, name="reviews"),
    path("reviews/approve/", review_queue.approve_chosen, name="reviews-approve"),
    path("reviews/<int:pk>/", review.review, name="review"),
    path("reviews/<int:pk>/comment/", review.comment, name="review-comment"),
    path("reviews/<int:pk>/comment/<int:comment_id>/resolve/", review.resolve_comment, name="review-resolve"),
    path("reviews/<int:pk>/waive/<int:finding_id>/", review.waive_finding, name="review-waive"),
    path("reviews/<int:pk>/decide/", review.decide, name="review-decide"),
    path("reviews/<int:pk>/withdraw/", review.withdraw, name="review-withdraw"),
    path("reports/", curation.report_queue, name="reports"),
    # evaluations and budgets
    path("uploads/<uuid:upload_id>/evaluate/", evals.launch_upload, name="upload-evaluate"),
    path("runs/", evals.runs, name="runs"),
    path("runs/<int:pk>/", evals.run_page, name="run"),
    path("runs/<int:pk>/cancel/", evals.cancel_run, name="run-cancel"),
    path("runs/<int:pk>/resume/", evals.resume_run, name="run-resume"),
    path("runs/<int:pk>/benchmark.json", evals.benchmark_download, name="run-benchmark"),
    path("runs/<int:pk>/cells/<slug:case>/<int:model>/", evals.cell_page, name="run-cell"),
    path("runs/<int:pk>/cells/<slug:case>/<int:model>/again/", evals.recheck_cell, name="run-again"),
    path("runs/<int:pk>/trials/<int:trial_id>/", evals.trial_page, name="run-trial"),
    path("runs/<int:pk>/trials/<int:trial_id>/overrule/", evals.overrule_judge, name="run-overrule"),
    path("budgets/", budgets.budgets, name="budgets"),
    path("budgets/<int:pk>/", budgets.budget, name="budget"),
    path("budgets/<int:pk>/limits/", budgets.set_limits, name="budget-limits"),
    path("budgets/<int:pk>/grant/", budgets.grant, name="budget-grant"),
    path("budgets/holds/<uuid:hold_id>/adjust/", budgets.adjust, name="hold-adjust"),
    path("models/", portfolio.providers, name="models"),
    path("models/prices/", portfolio.prices, name="prices"),
    path("models/discover/", portfolio.discover, name="models-discover"),
    path("models/<int:pk>/", portfolio.provider, name="provider"),
    path("models/<int:pk>/test/", portfolio.test_provider, name="provider-test"),
    path("models/<int:pk>/add/", portfolio.add_model, name="model-add"),
    path("models/of/<int:pk>/", portfolio.model, name="model"),
    path("models/of/<int:pk>/price/", portfolio.set_price, name="model-price"),
    path("reports/<int:pk>/close/", curation.close_report, name="report-close"),
    # people and teams
    path("account/", people.account, name="account"),
    path("account/deactivate/", people.deactivate_self, name="account-deactivate"),
    path("account/tokens/", people.token_list, name="tokens"),
    path("account/tokens/<int:pk>/revoke/", people.revoke_token, name="token-revoke"),
    path("account/notifications/", people.notifications, name="notifications"),
    path("notices/", people.notices, name="notices"),
    path("people/", people.people, name="people"),
    path("people/<handle:handle>/", people.person, name="person"),
    path("people/<handle:handle>/change/", people.change_person, name="person-change"),
    path("audit/", audit.audit, name="audit"),
    path("searches/", ops.searches, name="searches"),
    path("teams/", teams.team_list, name="teams"),
    path("teams/new/", teams.new_team, name="team-new"),
    path("invitations/<str:secret>/", teams.invitation, name="invitation"),
    path("@<handle:team>/", teams.team_page, name="team"),
    path("@<handle:team>/-/follow/", curation.follow_team, name="team-follow"),
    path("@<handle:team>/-/leave/", teams.leave, name="team-leave"),
    path("@<handle:team>/-/members/", teams.members, name="team-members"),
    path("@<handle:team>/-/members/role/", teams.set_role, name="team-role"),
    path("@<handle:team>/-/members/invite/", teams.invite, name="team-invite"),
    path(
        "@<handle:team>/-/members/invitations/<int:pk>/revoke/", teams.revoke_invitation, name="team-uninvite"
    ),
    path("@<handle:team>/-/policy/", teams.policy, name="team-policy"),
    path("@<handle:team>/-/about/", teams.about, name="team-about"),
    path("@<handle:team>/-/overlaps/", teams.overlapping, name="team-overlaps"),
    path("@<handle:team>/-/portfolio/", portfolio.team_portfolio, name="team-portfolio"),
    path("@<handle:team>/-/services/", teams.services, name="team-services"),
    path("@<handle:team>/-/services/<handle:service>/", teams.service, name="team-service"),
    path(
        "@<handle:team>/-/services/<handle:service>/active/", teams.service_active, name="team-service-active"
    ),
    # one skill
    path(_SKILL, skill.skill_page, name="skill"),
    path(f"{_SKILL}related/", skill.related_skills, name="skill-related"),
    path(f"{_SKILL}star/", curation.star, name="skill-star"),
    path(f"{_SKILL}follow/", curation.follow_skill, name="skill-follow"),
    path(f"{_SKILL}report/", curation.report, name="skill-report"),
    path(f"{_SKILL}hidden-cases/", cases.hidden, name="skill-hidden"),
    path(f"{_SKILL}hidden-cases/<int:pk>/delete/", cases.delete_hidden, name="skill-unhide"),
    path(f"{_SKILL}settings/", manage.settings_page, name="skill-settings"),
    path(f"{_SKILL}settings/<slug:what>/", manage.change, name="skill-change"),
    path(f"{_SKILL}compare/<number:old>...<number:new>/", skill.compare, name="skill-compare"),
    path(_VERSION, skill.skill_page, name="version"),
    path(f"{_VERSION}evaluate/", evals.launch_version, name="version-evaluate"),
    path(f"{_VERSION}cases/", cases.edit, name="version-cases"),
    path(f"{_VERSION}files/<file:path>", skill.file_page, name="version-file"),
    path(f"{_VERSION}change/<slug:what>/", manage.change_version, name="version-change"),
    *[
        path(f"{_SKILL}{tab}/", skill.skill_page, {"tab": tab}, name=f"skill-{tab}")
        for tab in skill.TABS
        if tab != "prompt"
    ],
    *[
        path(f"{_VERSION}{tab}/", skill.skill_page, {"tab": tab}, name=f"version-{tab}")
        for tab in skill.TABS
        if tab != "prompt"
    ],
]
