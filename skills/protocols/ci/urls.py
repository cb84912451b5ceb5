"""Addresses that stand in people's pipelines, so they stay."""

from django.urls import path

from skills.protocols.ci import views

urlpatterns = [
    path("ci/publish_skills.py", views.program, name="ci-program"),
    path("ci/github.yml", views.github, name="ci-github"),
    path("ci/gitlab.yml", views.gitlab, name="ci-gitlab"),
]
