"""The product's settings, on embedded services of the test session, with cheap passwords."""

from tests import strict_templates
from tests.services import ensure

ensure()
strict_templates.install()

from skillhub.database import database_settings
from skillhub.settings import *  # noqa: F403
from skillhub.settings import INSTALLED_APPS, STORAGES, TEMPLATES

DATABASES = {"default": {**database_settings(pooled=False), "CONN_MAX_AGE": 0}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
EMBED = False
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ACCOUNT_RATE_LIMITS = False
RATES = dict.fromkeys(("read", "search", "write", "publish"), 0)
WHITENOISE_AUTOREFRESH = True
SSO_ISSUER = "http://127.0.0.1:9"  # nobody answers there; tests of single sign-on name a real one
INSTALLED_APPS = [*INSTALLED_APPS, "allauth.socialaccount.providers.openid_connect"]
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = strict_templates.UNDEFINED
