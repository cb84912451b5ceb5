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
    embedded = programs_dir(own.base, own.owner) / name
    path = str(embedded) if embedded.exists() else shutil.which(name)
    if not path:
        raise CommandError(f"{name} is not installed; it comes with PostgreSQL's client programs.")
    return path


def _run(name: str, *arguments: str) -> None:
    """Run a client program on the database of the settings; raises CommandError with what it says."""
    parameters = connection.get_connection_params()
    # By the environment, because every user of the machine can read the arguments of a process.
    environment = {**os.environ, "PGPASSWORD": str(parameters.get("password", ""))}
    options = [
        f"--{option}={parameters[key]}"
        for option, key in (("host", "host"), ("port", "port"), ("username", "user"))
        if parameters.get(key)
    ]
    done = subprocess.run(
        [_program(name), *options, f"--dbname={parameters['dbname']}", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    if done.returncode:
        raise CommandError(f"{name} failed: {done.stderr.strip()}")


def dump(target: Path) -> None:
    """Write the whole database to TARGET in the custom format."""
    _run("pg_dump", "--format=custom", "--no-owner", f"--file={target}")


def dump_empty(target: Path) -> None:
    """Write the tables of a database that holds no data yet to TARGET as SQL, with what migrations wrote."""
    # Django writes these rows after every migration, for the applications that are installed then.
    others = [f"--exclude-table-data={table}*" for table in ("django_content_type", "auth_permission")]
    rights = ("--no-owner", "--no-privileges", "--no-comments")
    _run("pg_dump", "--inserts", *rights, *others, f"--file={target}")


def load(source: Path) -> None:
    """Read what `dump` wrote into an empty database: all of it or, after an error, nothing."""
    # Neither owners, nor grants, nor comments: on an extension only a superuser may write one, and we need be
    # no more than the owner of the database.
    rights = ("--no-owner", "--no-privileges", "--no-comments")
    _run("pg_restore", *rights, "--single-transaction", "--exit-on-error", str(source))
