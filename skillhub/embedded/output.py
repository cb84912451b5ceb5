"""What the supervisor and its children print: for people at a terminal, else one line of JSON an event."""

import io
import json
import sys
from datetime import UTC, datetime
from typing import TextIO

from skillhub import env

SUPERVISOR = "up"


def is_for_people() -> bool:
    return sys.stdout.isatty() or env.text("LOG_FORMAT", "json") != "json"


class JsonEvents(io.TextIOBase):
    """Stands for standard output where nobody watches: what is printed at once becomes one event."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        if text.strip():
            self.stream.write(_record(SUPERVISOR, text))
        return len(text)

    def flush(self) -> None:
        self.stream.flush()


def copy_line(process: str, line: str) -> None:
    """Print a LINE of a child; a log record of ours is one line of JSON already."""
    out = sys.stdout
    if isinstance(out, JsonEvents):
        out.stream.write(f"{line}\n" if _is_record(line) else _record(process, line))
    else:
        out.write(f"{process:<6} | {line}\n")
    out.flush()


def _is_record(line: str) -> bool:
    if not line.startswith("{"):
        return False
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def _record(process: str, message: str) -> str:
    """The fields of the log format in the settings."""
    fields = {
        "asctime": datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S,%f")[:-3],
        "levelname": "INFO",
        "name": "output",
        "message": message.strip("\n"),
        "process": process,
    }
    return json.dumps(fields, ensure_ascii=False) + "\n"
