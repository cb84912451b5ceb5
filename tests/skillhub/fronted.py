"""A small WSGI application behind the front, for `test_front.py`: what it does stands in the address."""

import os
import threading
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.urls import get_resolver

from skillhub.front import answers, bodies, work
from skillhub.front.application import Front

get_resolver().url_patterns  # noqa: B018 - as `skillhub/wsgi.py` does: reading it imports every view
bodies.GRACE_SECONDS = 1.0
answers.STALL_SECONDS = 2.0
work.QUEUE_SECONDS = 2.0
LARGE = 20_000_000
started = threading.Event()


def application(environ, start_response):
    path = environ["PATH_INFO"]
    length = []
    if path == "/large":
        chunks = [b"x" * LARGE]
        length = [("Content-Length", str(LARGE))]
    elif path == "/stream":
        chunks = (b"row\n" if number else b"head\n" for number in _slowly(3))
    elif path == "/sleep":
        time.sleep(1)
        chunks = [b"slept"]
        length = [("Content-Length", "5")]
    elif path == "/started":
        chunks = [str(started.wait(5)).encode()]
    elif path == "/broken":
        raise ValueError("a fault of the application")
    elif path == "/headers":
        chunks = [repr(sorted((k, v) for k, v in environ.items() if k.startswith("HTTP_"))).encode()]
    else:
        chunks = [f"{len(environ['wsgi.input'].read())} of {environ.get('CONTENT_LENGTH', '')}".encode()]
        length = [("Content-Length", str(len(chunks[0])))]
    start_response("200 OK", [("Content-Type", "text/plain"), *length])
    return chunks


def _slowly(count):
    for number in range(count):
        if number:
            time.sleep(0.4)
        yield number


application = Front(application, threads=2, started=started.set)
