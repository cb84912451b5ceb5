"""The Django project: settings, addresses, the Celery application, the embedded services."""

__version__ = "0.1.0"
