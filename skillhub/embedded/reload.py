"""Processes that start again when the code they run changes, for `make dev`.

What watches the files (watchfiles) is installed with the tests, not with the product.
"""

import shlex
import sys

from skillhub import env

CODE = ("skillhub", "skills")
PAGES = "templates"  # Django keeps compiled templates, so the web server follows these too
STOP_SECONDS = "3"  # a web process that is still loading its code does not hear that it should stop


def granian_options() -> list[str]:
    """Serve anew on each change, and wait for the next one where the code does not import."""
    paths = [f"--reload-paths={env.BASE_DIR / folder}" for folder in (*CODE, PAGES)]
    return ["--reload", "--reload-ignore-worker-failure", "--workers-kill-timeout", STOP_SECONDS, *paths]


def restarting(command: list[str]) -> list[str]:
    """COMMAND under a watcher that stops and starts it whenever a Python file changes."""
    folders = [str(env.BASE_DIR / folder) for folder in CODE]
    return [sys.executable, "-m", "watchfiles", "--filter", "python", shlex.join(command), *folders]
