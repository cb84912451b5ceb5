"""Tells Django about the app and its system checks."""

from importlib import import_module

from django.apps import AppConfig


class SkillsConfig(AppConfig):
    name = "skills"
    verbose_name = "SkillHub"

    def ready(self) -> None:
        import_module("skillhub.checks")
        import_module("skills.web.reauthentication")  # its receiver notes each sign-in
