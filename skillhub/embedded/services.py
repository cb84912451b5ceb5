"""The embedded database and broker of one data folder, locked against a second supervisor."""

import fcntl
import os
from pathlib import Path
from typing import IO

from skillhub.embedded.owner import hand_over
from skillhub.embedded.paths import close_folder, make_folder, own_folder, places
from skillhub.embedded.postgres import Postgres
from skillhub.embedded.valkey import Valkey


class Services:
    """Starts what no environment variable replaces, and tells the children where it is."""

    def __init__(self, data: Path | None = None, *, durable: bool = True) -> None:
        self.places = places(data)
        self.postgres = None if os.environ.get("DATABASE_URL") else Postgres(self.places, durable=durable)
        needs_valkey = not (os.environ.get("CACHE_URL") and os.environ.get("BROKER_URL"))
        self.valkey = Valkey(self.places) if needs_valkey else None
        self._lock: IO[str] | None = None

    def announce(self) -> None:
        """Take the data folder and tell the children where everything will be."""
        self._take_lock()
        close_folder(self.places)
        os.environ["DATA_DIR"] = str(self.places.data)
        if self.postgres:
            # Children must find this server even where their own DATA_DIR would name another place.
            os.environ["DATABASE_URL"] = self.places.database_url
        if self.valkey:
            os.environ.setdefault("CACHE_URL", self.places.cache_url)
            os.environ.setdefault("BROKER_URL", self.places.broker_url)

    def start(self) -> None:
        if self._lock is None:
            self.announce()
        if self.postgres or self.valkey:
            self._own_sockets()
        # Both are children of this thread: the kernel ends them when their parent thread ends.
        if self.valkey:
            self.valkey.spawn()
        if self.postgres:
            self.postgres.start()
        if self.valkey:
            self.valkey.wait()

    def _own_sockets(self) -> None:
        run, owner = self.places.run, self.places.owner
        # Where another account ran the database before; never in a shared folder, where anybody may be it.
        if owner and run.exists() and run.is_relative_to(self.places.base):
            hand_over(run, owner)
        own_folder(run, owner)

    def _take_lock(self) -> None:
        make_folder(self.places.data)
        # The lock is the file's, not its content: the kernel drops it whenever the process ends.
        self._lock = (self.places.data / "lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit(
                f"SkillHub already runs on {self.places.data}. Stop it, or choose another DATA_DIR."
            ) from None

    def stop(self) -> None:
        for part in (self.valkey, self.postgres):
            if part:
                part.stop()
        if self._lock:
            self._lock.close()
