"""The WSGI application that granian serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "skillhub.settings")
application = get_wsgi_application()


def _load_before_the_first_request() -> None:
    """Import every view and template tag now: on an ordinary start the database is still starting."""
    from django.template import engines
    from django.urls import get_resolver

    engines.all()
    get_resolver().url_patterns  # noqa: B018 - reading it imports every view


_load_before_the_first_request()
