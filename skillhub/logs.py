"""What is logged, and in which form."""


def logging_settings(*, level: str, form: str) -> dict[str, object]:
    """Django's LOGGING: everything from LEVEL on to the console, FORM being json or plain."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": "pythonjsonlogger.json.JsonFormatter",
                "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s",
            },
            "plain": {"format": "%(levelname)s %(name)s: %(message)s"},
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": form}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # The request log has a line for each 4xx already.
            "django.request": {"level": "ERROR"},
            "celery": {"level": "WARNING"},
            "httpx": {"level": "WARNING"},
        },
    }
