"""The ASGI application that granian serves: Django's WSGI one behind the front."""

from typing import TYPE_CHECKING

from skillhub import env
from skillhub.wsgi import application as wsgi_application

if TYPE_CHECKING:
    from skillhub.front.application import Front


def _front() -> "Front":
    # Needs Django's models, which are there only now that `skillhub.wsgi` has set Django up.
    from skillhub.front.application import Front
    from skillhub.warm_up import in_thread, warm_web

    threads = env.number("WEB_THREADS", 4, least=1)
    return Front(wsgi_application, threads=threads, started=lambda: in_thread(warm_web))


application = _front()
