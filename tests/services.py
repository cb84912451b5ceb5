"""Starts the embedded database and broker once for a test session."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path


def ensure() -> None:
    """Set DATABASE_URL and CACHE_URL; xdist's workers inherit them from the controller."""
    if os.environ.get("DATABASE_URL"):
        return
    from skillhub.embedded.services import Services

    data = Path(tempfile.mkdtemp(prefix="skillhub-tests-"))
    os.environ["DATA_DIR"] = str(data)
    services = Services(data, durable=False)
    services.start()
    owner = os.getpid()

    def stop() -> None:
        if os.getpid() == owner:
            services.stop()
            shutil.rmtree(data, ignore_errors=True)
            os.environ.pop("DATABASE_URL", None)

    atexit.register(stop)
