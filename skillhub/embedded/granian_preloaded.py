"""Runs granian with the product imported before it forks its workers; takes the arguments of `granian`.

The workers share what is imported here instead of importing it once each, and a worker that is started
again answers at once. Nothing may open a connection or start a thread on import: neither survives a
fork. Where processes are spawned, not forked (macOS), each worker imports the product itself.
"""

from granian.cli import entrypoint

import skillhub.asgi

__all__ = ["skillhub"]

if __name__ == "__main__":
    entrypoint()  # type: ignore[no-untyped-call]
