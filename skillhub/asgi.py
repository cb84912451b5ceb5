"""The ASGI application that granian serves: Django's WSGI one behind the front."""

from typing import TYPE_CHECKING

from skillhub import env
from skillhub.wsgi import application as wsgi_application

if TYPE_CHECKING:
    from skillhub.front.application import Front


def _front() -> "Front":
    # Needs Django's models, which are there only now that `skillhub.wsgi` has set Django up.
    from skillhub.front.application import Front

    return Front(wsgi_application, threads=env.number("WEB_THREADS", 4, least=1))


application = _front()
