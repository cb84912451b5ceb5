"""Addresses of the pages, nested by their prefix. `skillhub/urls.py` includes them at the root."""

from django.urls import URLPattern, URLResolver, include, path

from skills.web.views import (
    audit,
    benchmarks,
    budget_boards,
    budgets,
    cases,
    curation,
    docs,
    evals,
    field,
    front_door,
    home,
    imports,
    kept_calls,
    mending,
    names,
    ops,
    packs,
    people,
    portfolio,
    publish,
    publishers,
    review,
    review_cases,
    review_files,
    review_queue,
    review_talk,
    signature,
    skill,
    skill_settings,
    sources,
    spending,
    stored_bytes,
    styleguide,
    teams,
)

Routes = list[URLPattern | URLResolver]

account_urls = [
    path("", people.account, name="account"),
    path("deactivate/", people.deactivate_self, name="account-deactivate"),
    path("tokens/", people.token_list, name="tokens"),
    path("tokens/<int:pk>/revoke/", people.revoke_token, name="token-revoke"),
    path("agents/", field.agents_here, name="agents-here"),
    path("agents/kept/", kept_calls.own, name="own-kept-calls"),
    path("agents/kept/<uuid:pk>/", kept_calls.one, name="kept-call"),
    path("notifications/", people.notifications, name="notifications"),
]

people_urls = [
    path("", people.people, name="people"),
    path("<handle:handle>/", people.person, name="person"),
    path("<handle:handle>/budget/", budget_boards.of_person, name="person-budget"),
    path("<handle:handle>/change/", people.change_person, name="person-change"),
]

docs_urls = [
    path("", docs.docs, name="docs"),
    path("reference/", docs.api_reference, name="docs-api"),
    path("<slug:page>/", docs.doc, name="doc"),
]

upload_urls = [
    path("", publish.upload, name="upload"),
    path("discard/", publish.discard, name="upload-discard"),
    path("evaluate/", evals.launch_upload, name="upload-evaluate"),
]

one_review_urls = [
    path("", review.review, name="review"),
    path("say/", review_talk.say, name="review-say"),
    path("comment/", review_talk.comment, name="review-comment"),
    path("comment/<int:comment_id>/resolve/", review_talk.resolve_comment, name="review-resolve"),
    path("comment/<int:comment_id>/edit/", review_talk.edit_comment, name="review-edit-comment"),
    path("drafts/send/", review_talk.send, name="review-send"),
    path("drafts/<int:draft_id>/delete/", review_talk.discard, name="review-discard"),
    path("file/", review_files.file, name="review-file"),
    path("viewed/", review_files.tick, name="review-tick"),
    path("view/", review_files.view, name="review-view"),
    path("waive/<int:finding_id>/", review.waive_finding, name="review-waive"),
    path("kept-cases/<slug:key>/waive/", review_cases.waive, name="review-waive-case"),
    path("kept-cases/<slug:key>/unwaive/", review_cases.unwaive, name="review-unwaive-case"),
    path("decide/", review.decide, name="review-decide"),
    path("apply/", mending.apply, name="review-apply"),
    path("edit/", mending.edit, name="review-edit"),
    path("withdraw/", review.withdraw, name="review-withdraw"),
]

review_urls: Routes = [
    path("", review_queue.queue, name="reviews"),
    path("approve/", review_queue.approve_chosen, name="reviews-approve"),
    path("<int:pk>/", include(one_review_urls)),
]

report_urls = [
    path("", curation.report_queue, name="reports"),
    path("<int:pk>/close/", curation.close_report, name="report-close"),
]

bytes_urls = [
    path("", stored_bytes.stored_bytes, name="stored-bytes"),
    path("denials/<int:pk>/lift/", stored_bytes.lift_denial, name="denial-lift"),
]

one_run_urls = [
    path("", evals.run_page, name="run"),
    path("cancel/", evals.cancel_run, name="run-cancel"),
    path("resume/", evals.resume_run, name="run-resume"),
    path("benchmark.json", evals.benchmark_download, name="run-benchmark"),
    path("cells/<slug:case>/<int:model>/", evals.cell_page, name="run-cell"),
    path("cells/<slug:case>/<int:model>/again/", evals.recheck_cell, name="run-again"),
    path("trials/<int:trial_id>/", evals.trial_page, name="run-trial"),
    path("trials/<int:trial_id>/overrule/", evals.overrule_judge, name="run-overrule"),
]

run_urls: Routes = [
    path("", evals.runs, name="runs"),
    path("<int:pk>/", include(one_run_urls)),
]

budget_urls = [
    path("", budgets.budgets, name="budgets"),
    path("people/", budget_boards.people, name="budgets-people"),
    path("people/change/", budget_boards.change_people, name="budgets-change"),
    path("teams/", budget_boards.teams, name="budgets-teams"),
    path("defaults/", budget_boards.default_budgets, name="budget-defaults"),
    path("<int:pk>/", budgets.budget, name="budget"),
    path("<int:pk>/parts/", budget_boards.add_part, name="budget-part"),
    path("<int:pk>/default/", budgets.follow_default, name="budget-follow"),
    path("<int:pk>/limits/", budgets.set_limits, name="budget-limits"),
    path("<int:pk>/webhook/", budgets.webhook, name="budget-webhook"),
    path("<int:pk>/grant/", budgets.grant, name="budget-grant"),
    path("<int:pk>/lost/<int:run_id>/", budgets.adjust_run, name="lost-adjust"),
    path("holds/<uuid:hold_id>/adjust/", budgets.adjust, name="hold-adjust"),
]

spending_urls = [
    path("", spending.spending, name="spending"),
    path("calls/", spending.call_lists, name="spending-calls"),
    path("everybody/", spending.spending, {"everybody": True}, name="spending-all"),
    path("everybody/calls/", spending.call_lists, {"everybody": True}, name="spending-all-calls"),
    path("teams/<handle:handle>/", spending.spending, name="spending-team"),
    path("teams/<handle:handle>/calls/", spending.call_lists, name="spending-team-calls"),
]

model_urls = [
    path("", portfolio.providers, name="models"),
    path("prices/", portfolio.prices, name="prices"),
    path("discover/", portfolio.discover, name="models-discover"),
    path("<int:pk>/", portfolio.provider, name="provider"),
    path("<int:pk>/test/", portfolio.test_provider, name="provider-test"),
    path("<int:pk>/add/", portfolio.add_model, name="model-add"),
    path("<int:pk>/list/", portfolio.list_models, name="provider-list"),
    path("<int:pk>/add-listed/", portfolio.add_listed, name="models-add-listed"),
    path("of/<int:pk>/", portfolio.model, name="model"),
    path("of/<int:pk>/price/", portfolio.set_price, name="model-price"),
]

team_list_urls = [
    path("", teams.team_list, name="teams"),
    path("new/", teams.new_team, name="team-new"),
]

one_source_urls = [
    path("", sources.source, name="source"),
    path("change/", sources.change_source, name="source-change"),
    path("remove/", sources.remove_source, name="source-remove"),
    path("sync/", sources.sync_source, name="source-sync-now"),
    path("plan/", sources.plan_source, name="source-plan"),
    path("webhook/", sources.webhook, name="source-webhook"),
    path("syncs/<int:sync>/", sources.sync, name="source-sync"),
]

source_urls: Routes = [
    path("", sources.sources, name="team-sources"),
    path("new/", sources.new_source, name="source-new"),
    path("<int:pk>/", include(one_source_urls)),
]

# No skill is called "-", so these addresses never clash with those of a skill.
team_act_urls: Routes = [
    path("follow/", curation.follow_team, name="team-follow"),
    path("leave/", teams.leave, name="team-leave"),
    path("members/", teams.members, name="team-members"),
    path("members/role/", teams.set_role, name="team-role"),
    path("members/invite/", teams.invite, name="team-invite"),
    path("members/invitations/<int:pk>/revoke/", teams.revoke_invitation, name="team-uninvite"),
    path("budget/", budget_boards.of_team, name="team-budget"),
    path("policy/", teams.policy, name="team-policy"),
    path("about/", teams.about, name="team-about"),
    path("sources/", include(source_urls)),
    path("imports/", imports.imports, name="team-imports"),
    path("imports/<int:pk>/", imports.one_import, name="team-import"),
    path("unreviewed/", field.unreviewed_skills, name="team-unreviewed"),
    path("unreviewed/<int:pk>/forget/", field.forget_unreviewed, name="team-unreviewed-forget"),
    path("telemetry/", field.set_telemetry, name="team-telemetry"),
    path("kept-calls/", kept_calls.of_team, name="team-kept-calls"),
    path("kept-calls/days/", kept_calls.set_days, name="team-keep-calls"),
    path("overlaps/", teams.overlapping, name="team-overlaps"),
    path("portfolio/", portfolio.team_portfolio, name="team-portfolio"),
    path("portfolio/names/", portfolio.set_alias, name="team-alias"),
    path("portfolio/names/<slug:name>/remove/", portfolio.remove_alias, name="team-alias-remove"),
    path("publishers/", publishers.publishers, name="team-publishers"),
    path("publishers/<int:pk>/remove/", publishers.remove, name="team-publisher-remove"),
    path("publishers/<int:pk>/confirm/", publishers.confirm, name="team-publisher-confirm"),
    path("services/", teams.services, name="team-services"),
    path("services/<handle:service>/", teams.service, name="team-service"),
    path("services/<handle:service>/budget/", teams.service_budget, name="team-service-budget"),
    path("services/<handle:service>/active/", teams.service_active, name="team-service-active"),
]

version_urls = [
    path("", skill.skill_page, name="version"),
    path("evaluate/", evals.launch_version, name="version-evaluate"),
    path("edit/", mending.edit_version, name="version-edit"),
    path("cases/", cases.edit, name="version-cases"),
    path("cases/draft/", cases.draft_cases, name="version-draft"),
    path("benchmark/", benchmarks.bring, name="version-benchmark"),
    path("signature/", signature.signature_page, name="version-signature"),
    path("change/<slug:what>/", skill_settings.change_version, name="version-change"),
    path("files/<file:path>", skill.file_page, name="version-file"),
    path("pictures/<file:path>", skill.picture, name="version-picture"),
    *(
        path(f"{tab}/", skill.skill_page, {"tab": tab}, name=f"version-{tab}")
        for tab in skill.TABS_WITH_ADDRESS
    ),
]

skill_urls: Routes = [
    path("", skill.skill_page, name="skill"),
    path("related/", skill.related_skills, name="skill-related"),
    path("star/", curation.star, name="skill-star"),
    path("follow/", curation.follow_skill, name="skill-follow"),
    path("report/", curation.report, name="skill-report"),
    path("hidden-cases/", cases.hidden, name="skill-hidden"),
    path("hidden-cases/<int:pk>/delete/", cases.delete_hidden, name="skill-unhide"),
    path("settings/", skill_settings.settings_page, name="skill-settings"),
    path("settings/<slug:what>/", skill_settings.change, name="skill-change"),
    path("compare/", skill.choose_comparison, name="skill-choose"),
    path("compare/<number:old>...<number:new>/", skill.compare, name="skill-compare"),
    path("v/<number:number>/", include(version_urls)),
    *(
        path(f"{tab}/", skill.skill_page, {"tab": tab}, name=f"skill-{tab}")
        for tab in skill.TABS_WITH_ADDRESS
    ),
]

team_urls: Routes = [
    path("", teams.team_page, name="team"),
    path("-/", include(team_act_urls)),
    path("<skill:name>/", include(skill_urls)),
]

urlpatterns: Routes = [
    path("", home.home, name="home"),
    # What is asked of every host
    path("robots.txt", front_door.robots, name="robots"),
    path("favicon.ico", front_door.favicon, name="favicon"),
    path("apple-touch-icon.png", front_door.touch_icon, name="touch-icon"),
    # For operators and agents
    path("healthz", ops.healthz, name="healthz"),
    path("readyz", ops.readyz, name="readyz"),
    path("metrics", ops.metrics, name="metrics"),
    path("skill.md", docs.agents, name="agents"),
    path("llms.txt", docs.llms, name="llms"),
    path("setup/<slug:code>/", ops.setup, name="setup"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("docs/", include(docs_urls)),
    # Skills and teams
    path("@<handle:team>/", include(team_urls)),
    path("teams/", include(team_list_urls)),
    path("invitations/<str:secret>/", teams.invitation, name="invitation"),
    # From an upload to a release
    path("publish/", publish.publish, name="publish"),
    path("publish/pack/", packs.publish_pack, name="publish-pack"),
    path("uploads/<uuid:upload_id>/", include(upload_urls)),
    path("reviews/", include(review_urls)),
    path("reports/", include(report_urls)),
    # Evaluations
    path("runs/", include(run_urls)),
    path("budgets/", include(budget_urls)),
    path("spending/", include(spending_urls)),
    path("models/", include(model_urls)),
    # People
    path("account/", include(account_urls)),
    path("notices/", people.notices, name="notices"),
    path("notices/<int:pk>/", people.notice, name="notice"),
    path("people/", include(people_urls)),
    # For staff and auditors
    path("audit/", audit.audit, name="audit"),
    path("searches/", ops.searches, name="searches"),
    path("names/", names.names, name="names"),
    path("bytes/", include(bytes_urls)),
]
