"""Settings, all from the environment; docs/configuration.md explains every variable."""

from pathlib import Path

from django.contrib.messages import constants as levels
from django.core.exceptions import ImproperlyConfigured

from skillhub import env
from skillhub.currency import DISPLAY_CURRENCY, DISPLAY_RATE  # noqa: F401 -- read by skills/lib/money.py
from skillhub.database import database_settings
from skillhub.embedded.paths import places
from skillhub.evaluation_settings import *  # noqa: F403 -- read by skills/evals and skills/portfolio
from skillhub.evaluation_settings import EVAL_RUN_SECONDS
from skillhub.gateway_settings import *  # noqa: F403 -- read by skills/gateway
from skillhub.logs import logging_settings
from skillhub.public_url import origin_and_path, settings_under
from skillhub.rest import REST_FRAMEWORK, SPECTACULAR_SETTINGS  # noqa: F401 -- read by their libraries
from skillhub.schedule import ASKING_MODELS, SCHEDULE
from skillhub.secret_key import secret_key
from skills.lib.valkey_patience import connection_options

# Here, because each of our processes reads this file before it writes any other.
env.keep_files_private()
BASE_DIR = env.BASE_DIR
DATA_DIR = env.data_dir()
# The supervisor says what it starts: the web process alone shares a pool of connections.
PROCESS = env.text("PROCESS", "command")
LISTEN_HOST = env.text("LISTEN_HOST", "127.0.0.1")
PUBLIC_URL = env.text("PUBLIC_URL", f"http://127.0.0.1:{env.number('PORT', 8000)}").rstrip("/")
_ORIGIN, PUBLIC_PATH = origin_and_path(PUBLIC_URL)
globals().update(settings_under(PUBLIC_PATH))
DEBUG = env.flag("DEBUG", default=False)

SECRET_KEY = secret_key(DATA_DIR)
# A Host header that is not listed is refused: addresses in e-mails and redirects are made of it. Django's
# test client calls itself testserver.
ALLOWED_HOSTS = env.listing("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1],testserver")
CSRF_FAILURE_VIEW = "skills.web.errors.csrf_failed"
# Behind a proxy the scheme and host that we see may not be those of the address people use, and Django
# compares the Origin of every form with them.
CSRF_TRUSTED_ORIGINS = [_ORIGIN] if "://" in _ORIGIN else []
# Secure cookies would make it impossible to sign in on http://127.0.0.1, where a first start is; whoever
# serves people has an https address.
SECURE_COOKIES = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES
SESSION_COOKIE_HTTPONLY = True
# One year, the least that browsers' preload lists accept.
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_COOKIES else 0
# Files of skills are served as plain text: no browser may guess a script or a page from their bytes.
SECURE_CONTENT_TYPE_NOSNIFF = True
# Invitations and install prefixes are secrets in addresses; other sites must not see them as referrers. Our
# own pages do: the query log learns from it which result was opened.
SECURE_REFERRER_POLICY = "same-origin"
# Only on the operator's word that a proxy sets it: a caller could claim https by itself.
BEHIND_PROXY = env.flag("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
# For browsers that do not know frame-ancestors, which `http/headers.py` sends: no other site may show our
# buttons under its own.
X_FRAME_OPTIONS = "DENY"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    "rest_framework",
    "drf_spectacular",
    "django_htmx",
    "skills",
]

# The order matters. The request log measures all the others. Static files and the refusal of NULs need no
# session. The outage stands outside of the session, which is the first to ask the database. The actor
# needs the account. The step-up keeps forms, so their token is checked before. RefusalMiddleware is the
# innermost, so that it sees a refusal of a view first.
MIDDLEWARE = [
    "skills.http.request_log.ObserveMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "skills.http.headers.SecurityHeadersMiddleware",
    "skills.http.methods.MethodsMiddleware",
    "skills.http.revealed_pages.RevealMiddleware",
    "skills.http.nul_bytes.NulMiddleware",
    "skills.http.outages.OutageMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "skills.http.actors.ActorMiddleware",
    "skills.web.step_up.StepUpMiddleware",
    "skills.web.errors.RefusalMiddleware",
]

ROOT_URLCONF = "skillhub.urls"
WSGI_APPLICATION = "skillhub.wsgi.application"
# The classes of static/css that a note has in each tone.
MESSAGE_TAGS = {levels.INFO: "ok", levels.SUCCESS: "ok", levels.WARNING: "warn", levels.ERROR: "bad"}
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "skills.web.context.page",
            ],
            "builtins": [
                "skills.web.components",
                "skills.web.badges",
                "skills.web.cards",
                "skills.web.diff_rows",
                "skills.web.tags",
                "skills.web.spending_tags",
                "skills.protocols.install_lines",
                "django_htmx.templatetags.django_htmx",
                "django.contrib.humanize.templatetags.humanize",
            ],
        },
    }
]

DATABASES = {"default": database_settings(pooled=PROCESS == "web")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Rates, counters and answers to repeated requests are shared by all processes, so this is never a cache of
# one process alone.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": env.text("CACHE_URL") or places(DATA_DIR).cache_url,
        "KEY_PREFIX": "skillhub",
        "KEY_FUNCTION": "skills.lib.sealed_cache.hashed_key",
        "OPTIONS": {"serializer": "skills.lib.sealed_cache.Sealer", **connection_options()},
    }
}
# In the database: a cache that loses its memory would sign everybody out.
SESSION_ENGINE = "django.contrib.sessions.backends.db"

STATIC_ROOT = Path(env.text("STATIC_ROOT", str(DATA_DIR / "static")))
STATIC_URL = f"{PUBLIC_PATH}/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Nothing secret lies in them, and another server may be the one that sends them.
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o755
# Blobs: a local folder, or any S3-compatible bucket through django-storages.
BLOBS_DIR = Path(env.text("BLOBS_DIR", str(DATA_DIR / "blobs")))
S3_BUCKET = env.text("S3_BUCKET")
BLOB_GRACE_HOURS = env.number("BLOB_GRACE_HOURS", 24)  # how long bytes stay that no version needs any more
STORAGES: dict[str, dict[str, object]] = {
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if S3_BUCKET:
    from botocore.config import Config  # slow to import, and only a bucket needs it

    STORAGES["blobs"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "endpoint_url": env.text("S3_ENDPOINT") or None,
            "region_name": env.text("S3_REGION") or None,
            "access_key": env.text("S3_ACCESS_KEY") or None,
            "secret_key": env.text("S3_SECRET_KEY") or None,
            # A name is the digest of its bytes, so a second write is the same bytes; a renamed copy would
            # never be read again.
            "file_overwrite": True,
            # Its own minutes of waiting and trying again would hold every thread of the web process.
            "client_config": Config(connect_timeout=2, read_timeout=10, retries={"max_attempts": 1}),
            # The bucket decides; public skills too are read through us, who check the reader.
            "default_acl": None,
        },
    }

# Limits of one bundle; each refusal names the limit it met.
LIMIT_ARCHIVE = env.number("LIMIT_ARCHIVE", 10_000_000, least=1)  # bytes of the zip
LIMIT_UNPACKED = env.number("LIMIT_UNPACKED", 30_000_000, least=1)  # bytes of all files
LIMIT_FILES = env.number("LIMIT_FILES", 500, least=1)
LIMIT_FILE = env.number("LIMIT_FILE", 5_000_000, least=1)  # bytes of one file
LIMIT_SKILL_MD = env.number("LIMIT_SKILL_MD", 262_144, least=1)  # bytes
LIMIT_FRONT_MATTER = env.number("LIMIT_FRONT_MATTER", 16_384, least=1)  # bytes
LIMIT_DEPTH = env.number("LIMIT_DEPTH", 12, least=1)  # folders
# Of an archive or folder of several skills.
LIMIT_PACK_SKILLS = env.number("LIMIT_PACK_SKILLS", 300, least=1)
LIMIT_PACK_FILES = env.number("LIMIT_PACK_FILES", 20_000, least=1)  # those that are left out included
LIMIT_PACK_UNPACKED = env.number("LIMIT_PACK_UNPACKED", 60_000_000, least=1)  # bytes of all its skills
UPLOAD_HOURS = env.number("UPLOAD_HOURS", 24, least=1)
LIMIT_STAGED = env.number("LIMIT_STAGED", 200_000_000, least=1)  # bytes that wait for one account
LIMIT_STAGED_TEAM = env.number("LIMIT_STAGED_TEAM", 1_000_000_000, least=1)  # for a team's service accounts
LIMIT_FORM = env.number("LIMIT_FORM", 1_000_000, least=1)  # bytes of a body without a bundle
LIMIT_ANONYMOUS = env.number("LIMIT_ANONYMOUS", 65_536, least=1)  # bytes of any body from a stranger
# Of a body that is no uploaded file: the whole of a bundle with room for the fields beside it.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * LIMIT_ARCHIVE
# Django's own default; what is larger goes to a temporary file until the view reads it.
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
# As many as a pack may have, and a few: the check says in words what is too many.
DATA_UPLOAD_MAX_NUMBER_FILES = LIMIT_PACK_FILES + 10
DATA_UPLOAD_MAX_NUMBER_FIELDS = DATA_UPLOAD_MAX_NUMBER_FILES + 100

# Rates: how many requests one caller may make in a minute; 0 switches a rate off.
RATES = {
    "read": env.number("RATE_READ", 6000),
    "search": env.number("RATE_SEARCH", 600),
    "write": env.number("RATE_WRITE", 120),
    "publish": env.number("RATE_PUBLISH", 60),
}
# How many of the addresses in X-Forwarded-For are the word of our own proxies (`http/actors.py: address`);
# with 0 the header counts for nothing, because any caller can send it.
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", 0)

# People
AUTH_USER_MODEL = "skills.Account"
# Takes the handle or the address, as ACCOUNT_LOGIN_METHODS says; Django's own would take the handle alone.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
# Closed unless the operator opens it: whoever has an account reads what is internal.
OPEN_SIGNUP = env.flag("OPEN_SIGNUP", default=False)
ANONYMOUS_READ = env.flag("ANONYMOUS_READ", default=True)
ACCOUNT_ADAPTER = "skills.web.sign_in.SignInAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = env.text("EMAIL_VERIFICATION", "optional")
# Handles are lower-case, as in addresses; no two may differ by case alone.
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_USERNAME_MIN_LENGTH = 2
# A sign-up or a lost password must not tell a stranger which addresses have an account.
ACCOUNT_PREVENT_ENUMERATION = True
# Acts that widen power need a sign-in that is not older (`web/step_up.py`).
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = env.number("REAUTHENTICATION_SECONDS", 3600, least=1)
ACCOUNT_SESSION_REMEMBER = True
# With GET an image on any page could sign people out.
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[SkillHub] "
# Guessing is slowed down by address and, for whoever has many addresses, by account.
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "10/m/ip,5/5m/key"}
ACCOUNT_FORMS = {
    "change_password": "skills.web.forms.passwords.ChangePasswordForm",
    "login": "skills.web.signup.LoginForm",
    "reset_password": "skills.web.signup.ResetForm",
    "reset_password_from_key": "skills.web.forms.passwords.ResetPasswordKeyForm",
    "set_password": "skills.web.forms.passwords.SetPasswordForm",
    "signup": "skills.web.signup.SignupForm",
}
USERSESSIONS_TRACK_ACTIVITY = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
# Keys (WebAuthn) are a second factor here and never stand for the password.
MFA_PASSKEY_LOGIN_ENABLED = False

# Single sign-on through one OpenID Connect provider
SSO_ISSUER = env.text("SSO_ISSUER").rstrip("/")
# Domain names have no case.
SSO_DOMAINS = [name.lower() for name in env.listing("SSO_DOMAINS")]
if SSO_ISSUER:
    INSTALLED_APPS.append("allauth.socialaccount.providers.openid_connect")
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        # RFC 7636: a code that somebody catches on its way back is worthless without the verifier.
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "sso",
                "name": env.text("SSO_NAME", "single sign-on"),
                "client_id": env.text("SSO_CLIENT_ID"),
                "secret": env.text("SSO_CLIENT_SECRET"),
                "settings": {
                    "server_url": SSO_ISSUER,
                    # An address signs in to the account that has it (decision 0013), so an unverified one
                    # would let anybody take any account over; unless the operator knows that the provider
                    # verifies and does not say so.
                    "verified_email": env.flag("SSO_TRUST_EMAIL", default=False),
                },
            }
        ],
    }
}
SOCIALACCOUNT_ADAPTER = "skills.web.sso.SsoAdapter"
# People choose their handle themselves: it is permanent and names their team.
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_FORMS = {"signup": "skills.web.sso.HandleForm"}
# Safe because only verified addresses of the operator's own provider come this far (decision 0013).
SOCIALACCOUNT_EMAIL_AUTHENTICATION = SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
# A link and no form: our policy on form targets (form-action) would stop the redirect to the provider.
SOCIALACCOUNT_LOGIN_ON_GET = True

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
# The first one hashes; passwords of the others are read, and hashed anew at the next sign-in.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]

# Without EMAIL_HOST no e-mail is sent, and the log says so without its text.
EMAIL_HOST = env.text("EMAIL_HOST")
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend" if EMAIL_HOST else "skillhub.mail.NoMailServer"
EMAIL_PORT = env.number("EMAIL_PORT", 587)
EMAIL_HOST_USER = env.text("EMAIL_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_TLS", default=True)
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "SkillHub <skillhub@localhost>")

# Search by meaning
EMBED = env.flag("EMBED", default=True)
EMBED_MODEL = env.text("EMBED_MODEL") or "all-MiniLM-L6-v2"
EMBED_ADDRESS = env.text("EMBED_ADDRESS") or places(DATA_DIR).embed_address
EMBED_KEY = env.text("EMBED_KEY")
EMBED_SECONDS = env.number("EMBED_MILLISECONDS", 600, least=1) / 1000
QUERY_LOG = env.flag("QUERY_LOG", default=True)

# Background work
TASK_APP = "skillhub.celery.app"
CELERY_BROKER_URL = env.text("BROKER_URL") or places(DATA_DIR).broker_url
# Whether a job is done is in its row; nobody reads a result.
CELERY_TASK_IGNORE_RESULT = True
# A worker that dies has not taken the call with it. A call that comes twice does no harm: the lease on the
# job's row lets one of them work.
CELERY_TASK_ACKS_LATE = True
# A worker that is busy for an hour must not hold calls that an idle one could answer.
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# Never pickle: whoever can write to the broker could run code in the workers.
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Whoever publishes must not wait for a broker that is frozen; a worker has nothing else to do.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 2 if PROCESS == "web" else 10,
    "socket_connect_timeout": 2 if PROCESS == "web" else 5,
}
CELERY_BEAT_SCHEDULE = SCHEDULE
CELERY_TASK_ROUTES = {name: {"queue": queue} for queue, names in ASKING_MODELS.items() for name in names}
JOBS_OF_A_LANE = env.number("JOBS_OF_A_LANE", 1, least=1)
JOB_LEASE_SECONDS = env.number("JOB_LEASE_SECONDS", 30, least=2)
SCANNER_COMMAND = env.text("SCANNER_COMMAND")  # an outside scanner that prints SARIF
OSV_DATABASE = env.text("OSV_DATABASE")  # advisories about packages: a zip, or a folder
# Hosts inside of the own network, or with a port, that skills are read from, also over http.
SOURCE_HOSTS = env.listing("SOURCE_HOSTS")
SOURCE_MEGABYTES = env.number("SOURCE_MEGABYTES", 200, least=1)
SOURCE_SECONDS = env.number("SOURCE_SECONDS", 120, least=5)
SCAN_SECONDS = env.number("SCAN_SECONDS", 60, least=1)
CHECK_SECONDS = env.number("CHECK_SECONDS", 10, least=1)
READ_MEGABYTES = env.number("READ_MEGABYTES", 1000, least=200)
# A web process keeps one thread free of reading: pages and `/healthz` answer while bundles are read.
READERS = max(1, env.number("WEB_THREADS", 4) - 1) if PROCESS == "web" else 4
# The last net: Celery kills a worker's child whose task takes longer, whatever holds its interpreter. Each is
# more than the limits inside of the task together.
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_ANNOTATIONS = {
    "scan_version": {"time_limit": 4 * SCAN_SECONDS + 60},
    "evaluate": {"time_limit": EVAL_RUN_SECONDS + 900},
    "embed_passages": {"time_limit": 3_600},  # of a whole catalogue; the next call goes on where it was ended
    "check_ledger": {"time_limit": 1_800},
    "test_provider": {"time_limit": 1_800},  # half a minute for each of its models
    "sync_source": {"time_limit": 3_600},  # of a large registry for the first time; the next try goes on
}

# Signatures; only the worker reads the private keys.
SIGNING_KEYS_DIR = Path(env.text("SIGNING_KEYS_DIR", str(DATA_DIR / "signing")))
SIGNING_COMMAND = env.text("SIGNING_COMMAND")
SIGNING_KEY_DAYS = env.number("SIGNING_KEY_DAYS", 730, least=60)

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_I18N = False
LOG_LEVEL = env.text("LOG_LEVEL", "INFO")
LOGGING = logging_settings(level=LOG_LEVEL, form=env.text("LOG_FORMAT", "json"), process=PROCESS)
METRICS_TOKEN = env.text("METRICS_TOKEN")

if ACCOUNT_EMAIL_VERIFICATION not in {"mandatory", "optional", "none"}:
    raise ImproperlyConfigured("EMAIL_VERIFICATION is mandatory, optional or none.")
