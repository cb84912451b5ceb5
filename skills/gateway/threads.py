"""Runs what uses Django's own connections, and may be done twice, in a few threads beside the event loop."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import InterfaceError, OperationalError, close_old_connections, connection

Found = TypeVar("Found")
_threads = ThreadPoolExecutor(4, "gateway")


async def in_thread(act: Callable[[], Found]) -> Found:
    def run() -> Found:
        close_old_connections()
        try:
            return act()
        except (OperationalError, InterfaceError):
            # A database that comes back has ended our connection: a new one is worth one try.
            connection.close()
            return act()

    return await asyncio.get_running_loop().run_in_executor(_threads, run)
