"""Runs what uses Django's own connections in a few threads beside the event loop."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import close_old_connections

Found = TypeVar("Found")
_threads = ThreadPoolExecutor(4, "gateway")


async def in_thread(act: Callable[[], Found]) -> Found:
    def run() -> Found:
        close_old_connections()
        return act()

    return await asyncio.get_running_loop().run_in_executor(_threads, run)
