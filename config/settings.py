"""Settings in one file; what differs between installations comes from the environment."""

from datetime import timedelta
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
VAR_DIR.mkdir(exist_ok=True)

env = environ.Env()


def env_flag(name, default=False):
    """Read a yes/no setting; environ's own boolean takes every unknown word for "no" in silence."""
    words = {"1": True, "true": True, "yes": True, "ya": True, "0": False, "false": False, "no": False, "tidak": False}
    text = env.str(name, default="").strip().lower()
    if not text:
        return default
    if text not in words:
        raise ImproperlyConfigured(f"{name}={text!r} tidak dikenal. Tulis 1 atau 0.")
    return words[text]


def env_count(name):
    text = env.str(name, default="").strip() or "0"
    if not (text.isascii() and text.isdigit()):
        raise ImproperlyConfigured(f"{name}={text!r} bukan bilangan. Tulis 0, 1, atau lebih.")
    return int(text)


def env_list(name):
    return [item.strip() for item in env.list(name, default=[]) if item.strip()]


DEBUG = env_flag("DEBUG")

SECRET_KEY = env.str("SECRET_KEY", default="")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")

if DEBUG:
    # A key of its own for every checkout keeps developers signed in between two starts.
    key_file = VAR_DIR / "development-key"
    if not SECRET_KEY:
        if not key_file.exists():
            key_file.write_text(get_random_secret_key(), encoding="utf-8")
        SECRET_KEY = key_file.read_text(encoding="utf-8")
else:
    if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5:
        raise ImproperlyConfigured("SECRET_KEY belum ditetapkan atau lemah. Isi paling sedikit 50 karakter acak.")
    if not ALLOWED_HOSTS:
        raise ImproperlyConfigured("ALLOWED_HOSTS masih kosong. Isi nama host situs ini, dipisah koma.")

REGION_NAME = env.str("REGION_NAME", default="Kabupaten Lahat")
TEAM_NAME = env.str("TEAM_NAME", default="TKPK")

INSTALLED_APPS = [
    "tracker.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "django_filters",
    "simple_history",
    "axes",
    "django_otp.plugins.otp_totp",
    "tracker.apps.TrackerConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.SecureHeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "config.middleware.SessionLimitMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tracker.middleware.SignInMiddleware",
    "tracker.middleware.AccountDutyMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
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
                "tracker.context.site",
            ],
            "builtins": ["tracker.templatetags.formats"],
        },
    },
]

# Database. SQLite needs IMMEDIATE transactions and a patient timeout, or writers fail at the same moment.
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'pantau.sqlite3'}")}
DATABASES["default"]["CONN_MAX_AGE"] = None
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        transaction_mode="IMMEDIATE",
        timeout=20,
        # FULL loses nothing at a power cut; the rollback journal avoids the WAL fault of SQLite before 3.51.3.
        init_command="PRAGMA synchronous=FULL; PRAGMA journal_mode=DELETE; PRAGMA foreign_keys=ON;",
    )
# Rendered pages, by data version: each process keeps its own, and none is ever out of date.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 500}}}

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "tracker.User"
AUTHENTICATION_BACKENDS = ["tracker.sign_in.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "tracker.password_rules.LongEnough", "OPTIONS": {"min_length": 12}},
    {"NAME": "tracker.password_rules.UnlikeTheUser"},
    {"NAME": "tracker.password_rules.NotCommon"},
    {"NAME": "tracker.password_rules.NotOnlyDigits"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "overview"
LOGOUT_REDIRECT_URL = "login"

# Failed sign-ins are counted for a user name at an address: nobody can lock out a colleague from somewhere else.
PROXY_COUNT = env_count("PROXY_COUNT")
if PROXY_COUNT:
    # Full addresses, such as those in texts to copy, begin as the outermost proxy was asked.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
# Who waits the time that the page says is let in, however often he has tried meanwhile.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_USERNAME_CALLABLE = "tracker.sign_in.counted_name"
AXES_CLIENT_IP_CALLABLE = "tracker.sign_in.client_address"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "otp_token", "next", "unsaved", "typed_by"]
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
SILENCED_SYSTEM_CHECKS = ["axes.W002"]  # without its middleware: the sign-in page itself says that it is locked

SECOND_FACTOR_REQUIRED = env_flag("SECOND_FACTOR_REQUIRED")
OTP_TOTP_ISSUER = f"Pantau Program {TEAM_NAME} {REGION_NAME}"

SESSION_ENGINE = "config.sessions"
SESSION_IDLE_AGE = 30 * 60
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# The API. Programs ask often; people who look at it in a browser never come near this.
API_REQUESTS_PER_MINUTE = env_count("API_REQUESTS_PER_MINUTE") or 300
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["tracker.api.access.TokenAuthentication", "tracker.api.access.OpenSession"],
    "DEFAULT_PERMISSION_CLASSES": ["tracker.api.access.SignedIn", "tracker.api.access.NothingDue"],
    "DEFAULT_THROTTLE_CLASSES": ["tracker.api.access.PerMinute"],
    "DEFAULT_RENDERER_CLASSES": ["tracker.api.asking.JsonRenderer", "tracker.api.asking.CsvRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "tracker.api.asking.Negotiation",
    "DEFAULT_PARSER_CLASSES": [],
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "tracker.api.schema.AutoSchema",
    "EXCEPTION_HANDLER": "tracker.api.errors.answer",
}
SPECTACULAR_SETTINGS = {
    "OAS_VERSION": "3.1.0",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "SORT_OPERATIONS": False,
    "SORT_OPERATION_PARAMETERS": False,
    "POSTPROCESSING_HOOKS": ["tracker.api.schema.complete"],
}

# Indonesian only: LocaleMiddleware would follow the browser's language.
LANGUAGE_CODE = "id"
TIME_ZONE = "Asia/Jakarta"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = "config.formats"

# Uploaded sheets are read by a process of its own, from a file.
UPLOAD_LIMIT_MB = env_count("UPLOAD_LIMIT_MB") or 10
FILE_UPLOAD_HANDLERS = [
    "config.uploads.LimitedUpload",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Named like the setting of Django 6, which will take it over.
SECURE_CSP = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEBUG

SIMPLE_HISTORY_REVERT_DISABLED = True
