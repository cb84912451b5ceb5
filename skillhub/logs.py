"""How our processes log: JSON lines that name the process, without the same error every second."""

import logging
import threading
import time

_PAUSE = 60.0  # seconds in which an error of Celery is said once


class OnceAMinute(logging.Filter):
    """Lets one record of the same kind through a minute; the next one says how many were `left_out`.

    Celery and its beat try again for ever while the broker is full or away, and say so each time.
    """

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._said: dict[tuple[str, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if not record.name.startswith("celery") or record.levelno < logging.WARNING:
            return True
        kind, moment = (record.name, str(record.msg)), time.monotonic()
        with self._lock:
            last, left_out = self._said.get(kind, (-_PAUSE, 0))
            if moment - last < _PAUSE:
                self._said[kind] = (last, left_out + 1)
                return False
            self._said[kind] = (moment, 0)
        if left_out:
            record.left_out = left_out
        return True


def logging_settings(*, level: str, form: str, process: str) -> dict[str, object]:
    """Django's LOGGING: everything from LEVEL on to the console, FORM being json or plain."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": "pythonjsonlogger.json.JsonFormatter",
                "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s",
                "static_fields": {"process": process},
            },
            "plain": {"format": "%(levelname)s %(name)s: %(message)s"},
        },
        "filters": {"once_a_minute": {"()": OnceAMinute}},
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": form,
                "filters": ["once_a_minute"],
            }
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # The request log has a line for each 4xx already.
            "django.request": {"level": "ERROR"},
            "celery": {"level": "WARNING"},
            "httpx": {"level": "WARNING"},
        },
    }
