"""Tells Django about the app, its system checks and its tasks."""

from importlib import import_module

from django.apps import AppConfig


class SkillsConfig(AppConfig):
    name = "skills"
    verbose_name = "SkillHub"

    def ready(self) -> None:
        # The Celery application must exist before a task is called by name.
        for module in ("skillhub.celery", "skillhub.checks", "skills.tasks"):
            import_module(module)
