"""Starts the embedded database and broker once for a test session."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import psycopg

from skillhub.embedded.database_role import OWNER, SUPERUSER
from skillhub.embedded.services import Services

# What tests do and the product does not: make databases, and put rows past the guards.
_WIDEN = f"alter role {OWNER} createdb; grant set on parameter session_replication_role to {OWNER}"


def ensure() -> None:
    """Set DATABASE_URL and CACHE_URL; xdist's workers inherit them from the controller."""
    if os.environ.get("DATABASE_URL"):
        return
    data = Path(tempfile.mkdtemp(prefix="skillhub-tests-"))
    os.environ["DATA_DIR"] = str(data)
    services = Services(data, durable=False)
    services.start()
    _widen_role(services)
    owner = os.getpid()

    def stop() -> None:
        if os.getpid() == owner:
            services.stop()
            shutil.rmtree(data, ignore_errors=True)
            os.environ.pop("DATABASE_URL", None)

    atexit.register(stop)


def _widen_role(services: Services) -> None:
    server = f"{services.places.database_server} user={SUPERUSER}"
    with psycopg.connect(f"{server} dbname=postgres", autocommit=True) as database:
        database.execute(_WIDEN)
    # Every database of the tests is made from it, and only a superuser adds pgvector.
    with psycopg.connect(f"{server} dbname=template1", autocommit=True) as template:
        template.execute("create extension if not exists vector")
