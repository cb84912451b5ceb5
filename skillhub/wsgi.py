"""The WSGI application that granian serves."""

import gc
import os
import threading
import time

gc.disable()  # what is loaded stays: looking for garbage in it only makes starting slower

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.urls import reverse  # noqa: E402

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "skillhub.settings")
application = get_wsgi_application()


def _load_the_rest() -> None:
    """Load the API's addresses behind the first pages, so that its first caller need not wait."""
    time.sleep(1)
    try:
        reverse("api")
    finally:
        gc.freeze()
        gc.enable()


threading.Thread(target=_load_the_rest, daemon=True).start()
