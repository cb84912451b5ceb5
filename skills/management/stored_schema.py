"""The schema as the migrations leave it, stored in one file: an empty database gets it in one step.

Django renders every model anew for every step of a migration, which takes a minute of a first start on a
busy machine. The migrations stay the truth: those that came after the file was written run behind it, and
all of them run where the file does not fit the server. A test compares the two ways.
"""

import logging
import re
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import DatabaseError, connection, transaction

from skills.management.postgres_tools import dump_empty

logger = logging.getLogger(__name__)
STORED = Path(__file__).resolve().parents[1] / "migrations" / "schema.sql"
# What pg_dump says to psql alone, to this session alone, and about its version.
_ASIDE = re.compile(r"^(?:SET |SELECT pg_catalog\.set_config|\\|-- Dumped ).*\n", re.MULTILINE)
_APPLIED_AT = re.compile(r"^(INSERT INTO public\.django_migrations VALUES \(.*), '[^']*'\);$", re.MULTILINE)
# Functions name tables that come behind them.
_FOR_THIS_TRANSACTION = "set local check_function_bodies = false; set local search_path = '';"


def is_empty() -> bool:
    """Whether the database has no table yet."""
    return not connection.introspection.table_names()


def load() -> bool:
    """Give an empty database the stored schema; False, and nothing is changed, where it does not fit it."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_FOR_THIS_TRANSACTION + STORED.read_text(encoding="utf-8"))
    except DatabaseError as error:
        logger.info("The stored schema does not fit this database (%s): it is made step by step.", error)
        return False
    return True


def current() -> str:
    """The schema of the database of the settings, and the rows that migrations write, as SQL."""
    with TemporaryDirectory() as folder:
        target = Path(folder) / "schema.sql"
        dump_empty(target)
        text = target.read_text(encoding="utf-8")
    return _APPLIED_AT.sub(r"\1, now());", _ASIDE.sub("", text))
