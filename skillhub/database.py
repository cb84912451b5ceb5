"""How Django reaches PostgreSQL."""

from typing import TypeVar

from psycopg import Connection
from psycopg.abc import PQGen
from psycopg.conninfo import conninfo_to_dict
from psycopg.errors import OperationalError
from psycopg.pq import TransactionStatus
from psycopg.rows import TupleRow

from skillhub import env
from skillhub.embedded.paths import places

_DJANGO_NAMES = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}

_RV = TypeVar("_RV")


class TimedConnection(Connection[TupleRow]):
    """A connection of the web process: a database that says nothing for `seconds` counts as away.

    A server that is frozen keeps its sockets open, and libpq would wait for it without an end.
    """

    seconds = float(env.number("DATABASE_SECONDS", 5, least=1))

    def wait(self, gen: PQGen[_RV], interval: float = 0.1, timeout: float | None = None) -> _RV:
        try:
            return super().wait(gen, interval, self.seconds if timeout is None else timeout)
        except OperationalError:
            # Given up in the middle of an answer, it can serve nobody else.
            if self.info.transaction_status == TransactionStatus.ACTIVE:
                self.close()
            raise


def database_settings(*, pooled: bool) -> dict[str, object]:
    """DATABASE_URL (URL or key=value form), or the embedded server's socket.

    POOLED is for a process with many threads: they share a few connections.
    """
    address = conninfo_to_dict(env.text("DATABASE_URL") or places().database_url)
    idle = env.number("DATABASE_IDLE_SECONDS", 60)
    options: dict[str, object] = {
        # With 250, recall@10 among the nearest passages is 0.99 at 100,000 skills, where 0.98 is wanted
        # (docs/benchmarks.md). Rows outside the caller's scopes are dropped after the index was read, so
        # the scan goes on until there are enough. The timeout ends the transaction of a frozen worker,
        # whose locks would hold up every other one.
        "options": "-c hnsw.ef_search=250 -c hnsw.iterative_scan=strict_order "
        f"-c idle_in_transaction_session_timeout={idle}s",
        **_prepared(),
        **{key: value for key, value in address.items() if key not in _DJANGO_NAMES},
    }
    if pooled:
        options["pool"] = {
            "min_size": 1,
            # One for each thread of the web process, those for uploads and health checks too.
            "max_size": env.number("DATABASE_POOL", 2 * env.number("WEB_THREADS", 4, least=1), least=1),
            "connection_class": TimedConnection,
            "timeout": 2,
            # Afterwards each request tries anew, and finds a database that is back. The pool's own five
            # minutes of growing pauses would answer 503 long after that.
            "reconnect_timeout": 2,
        }
    database: dict[str, object] = {
        "ENGINE": "django.db.backends.postgresql",
        **{_DJANGO_NAMES[key]: value for key, value in address.items() if key in _DJANGO_NAMES},
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }
    # A pool keeps its connections itself, and Django refuses to start with both.
    if not pooled:
        database["CONN_MAX_AGE"] = 600
    return database


def _prepared() -> dict[str, object]:
    """Have statements that come again planned once a connection, unless DATABASE_PREPARE is 0.

    Planning costs more than running most of them (decision 0010). A pooler between the product and
    PostgreSQL that does not keep prepared statements needs the 0.
    """
    if not env.flag("DATABASE_PREPARE", default=True):
        return {}
    return {"server_side_binding": True, "prepare_threshold": 3}
