"""What the first publisher after a start would wait for: a reader, its libraries, and the way to the broker.

Each process does it once, in a thread, with a bundle of nobody's; nothing depends on how it ends.
"""

import logging
import threading
from collections.abc import Callable

from skills.bundles import validate
from skills.bundles.frontmatter import FILE
from skills.bundles.manifest import Manifest
from skills.catalog import uploads
from skills.jobs.enqueue import celery_app
from skills.lib.limited import Limits, run_limited
from skills.lib.lookalikes import skeleton
from skills.scans.checks.bundle import read_bundle

log = logging.getLogger(__name__)
# Everything starts at once, so it takes long; a reader that gave way would be replaced by a cold one.
_LIMITS = Limits(processor_seconds=10, seconds=60, gives_way=False)
_NAME, _DESCRIPTION = "warm-up", "Is read once, so that the next skill is read at once."
_FILES = {FILE: f"---\nname: {_NAME}\ndescription: {_DESCRIPTION}\n---\n\n# Warm up\n".encode()}


def in_thread(work: Callable[[], None]) -> threading.Thread:
    """WORK beside whatever the process does; it ends with the process."""
    thread = threading.Thread(target=_try, args=(work,), name="warm-up", daemon=True)
    thread.start()
    return thread


def warm_web() -> None:
    """A check, letters that look like others, and the tasks that a publication asks for."""
    run_limited(_LIMITS, validate.check, _FILES, uploads.limits(), folder="", path="")
    skeleton(_NAME)
    # Loaded by the first message, though nobody waits for results.
    _ = celery_app().backend


def warm_worker() -> None:
    """A scan, with the rules compiled."""
    run_limited(_LIMITS, read_bundle, _FILES, Manifest(name=_NAME, description=_DESCRIPTION))


def _try(work: Callable[[], None]) -> None:
    try:
        work()
    except Exception:
        log.exception("not warm")
