"""Finds and runs pg_dump and pg_restore that fit the server.

The embedded wheel ships them; with an external server they come from the system's packages.
"""

import os
import shutil
import subprocess
from pathlib import Path

from django.core.management.base import CommandError
from django.db import connection


def _program(name: str) -> str:
    from skillhub.embedded.paths import places, programs_dir

    own = places()
    embedded = programs_dir(own.postgres.parent, own.user) / name
    found = str(embedded) if embedded.exists() else shutil.which(name)
    if not found:
        raise CommandError(f"{name} is not installed; it comes with PostgreSQL's client programs.")
    return found


def _run(name: str, *arguments: str) -> None:
    facts = connection.get_connection_params()
    environment = {**os.environ, "PGPASSWORD": str(facts.get("password", ""))}
    where = [
        f"--{key}={facts[part]}"
        for key, part in (("host", "host"), ("port", "port"), ("username", "user"))
        if facts.get(part)
    ]
    done = subprocess.run(
        [_program(name), *where, f"--dbname={facts['dbname']}", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    if done.returncode:
        raise CommandError(f"{name} failed: {done.stderr.strip()}")


def dump(target: Path) -> None:
    _run("pg_dump", "--format=custom", "--no-owner", f"--file={target}")


def load(source: Path) -> None:
    _run("pg_restore", "--no-owner", "--single-transaction", "--exit-on-error", str(source))
