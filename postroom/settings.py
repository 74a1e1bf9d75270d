"""Every setting, from the environment, failing loudly. ``docs/running.md`` lists the variables."""

import re
from hashlib import sha256
from pathlib import Path

import environ
from csp.constants import NONCE, SELF
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parent.parent
env = environ.Env()

DEBUG = env.bool("DEBUG", default=False)
#: The demo's accounts, with their published passwords, may sign in only where this is set.
DEMO = env.bool("DEMO", default=False)
SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1"])
#: Where people reach this installation, for the links in mails.
BASE_URL = env.str("BASE_URL", default="http://127.0.0.1:8000").rstrip("/")
HTTPS = BASE_URL.startswith("https://")

heading = re.search(r"^## (\d+\.\d+\.\d+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
if heading is None:
    raise ImproperlyConfigured("CHANGELOG.md has no heading with a version.")
VERSION = heading[1]

INSTALLED_APPS = [
    "postroom.base",
    "postroom.domain.users",
    "postroom.domain.events",
    "postroom.domain.knowledge_base",
    "postroom.domain.operators",
    "postroom.domain.plans",
    "postroom.domain.customers",
    "postroom.domain.subscriptions",
    "postroom.domain.usage",
    "postroom.domain.notices",
    "postroom.domain.billing",
    "postroom.domain.documents",
    "postroom.domain.proof",
    "postroom.domain.reports",
    "postroom.domain.plan_changes",
    "postroom.domain.signups",
    "postroom.domain.moving_in",
    "postroom.scenarios",
    "postroom.ui",
    "postroom.web",
    "postroom.web.desk",
    "postroom.web.signup",
    "postroom.web.directory",
    "postroom.web.portal",
    "postroom.web.help",
    "postroom.demo",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.postgres",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
    "csp",
    "django_htmx",
    "template_partials",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_tables2",
    "django_filters",
    "lucide",
    "django_altcha",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "postroom.web.platform.PlatformScope",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "postroom.urls"
WSGI_APPLICATION = "postroom.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "postroom.ui.context.installation",
            ],
            "builtins": [
                "django.templatetags.static",
                "django.templatetags.i18n",
                "template_partials.templatetags.partials",
                "lucide.templatetags.lucide",
                "postroom.ui.templatetags.ui",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False
DJANGO_TABLES2_TEMPLATE = "ui/table.html"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "postroom.web.errors.stale_form"

# The login may be the owner of the tables; the application works under a role that is not.
DATABASES = {"default": env.db("DATABASE_URL", engine="django.db.backends.postgresql")}
DATABASES["default"] |= {
    "ATOMIC_REQUESTS": False,
    "CONN_MAX_AGE": env.int("DATABASE_CONN_MAX_AGE", default=60),
    "CONN_HEALTH_CHECKS": True,
}
DATABASES["default"].setdefault("OPTIONS", {})["assume_role"] = "postroom_app"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
    }
}

#: The timetable and its jobs, for the worker.
PROCRASTINATE_IMPORT_PATHS = ["postroom.jobs"]

AUTH_USER_MODEL = "users.User"
AUTHENTICATION_BACKENDS = ["postroom.domain.users.signing_in.SigningIn"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "postroom.domain.users.signing_in.NotOfTheDemo"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk:home"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "postroom.domain.users.signing_in.ByInvitation"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG or DEMO
MFA_TOTP_ISSUER = "Postroom"

EMAIL_CONFIG = env.email("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
#: Another way to mail than EMAIL_URL's: a mail service, by a backend of django-anymail.
EMAIL_BACKEND = env.str("EMAIL_BACKEND", default=EMAIL_CONFIG["EMAIL_BACKEND"])
#: What mail services show to say what became of a mail, as user:password; without it none may.
MAIL_EVENTS_SECRET = env.str("MAIL_EVENTS_SECRET", default="")
#: The keys of a mail service, as django-anymail calls them.
ANYMAIL = env.json("ANYMAIL", default={}) | {"WEBHOOK_SECRET": MAIL_EVENTS_SECRET}
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Postroom <postroom@localhost>")
#: Seconds after which a mail server that says nothing is left; far less than a claim holds.
EMAIL_TIMEOUT = 30
#: How many mails go out in a minute at most, over all operators, from one worker.
MAILS_A_MINUTE = env.int("MAILS_A_MINUTE", default=600)

#: How many of our own proxies a request comes through: the last of them says from where.
PROXIES = env.int("PROXIES", default=0)
#: What the puzzles that browsers solve are signed with, and for how many milliseconds one is good.
ALTCHA_HMAC_KEY = sha256(f"altcha {SECRET_KEY}".encode()).hexdigest()
ALTCHA_CHALLENGE_EXPIRE = 1_200_000

#: Whether anybody reads the knowledge base, or only who is signed in.
HELP_PUBLIC = env.bool("HELP_PUBLIC", default=True)

#: What monitoring shows to read ``/metrics``; without it there is no such page.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")

#: Folders with fonts for documents, beside those of the machine.
DOCUMENT_FONTS = env.list("DOCUMENT_FONTS", default=[])

LANGUAGE_CODE = "en-us"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=ROOT / ".local" / "static")
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "npm.finders.NpmFinder",
]
NPM_ROOT_PATH = str(ROOT)
NPM_STATIC_FILES_PREFIX = "vendor"
NPM_FILE_PATTERNS = {
    # The maps too: each file names its own, and a missing one is an error.
    "@tabler/core": [
        "dist/css/tabler.min.css",
        "dist/css/tabler.min.css.map",
        "dist/js/tabler.min.js",
        "dist/js/tabler.min.js.map",
    ],
}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MANIFEST_STRICT = True

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": [SELF],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    "camera": [],
    "geolocation": [],
    "microphone": [],
    "payment": [],
}
SECURE_SSL_REDIRECT = HTTPS and env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_TRUSTED_ORIGINS = [BASE_URL] if HTTPS else []
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = (
    # A plain loopback installation has no certificate; BASE_URL says whether this one does.
    [] if HTTPS else ["security.W004", "security.W008", "security.W012", "security.W016"]
)

#: The largest form or file a person may send, in bytes: a 10 MB spreadsheet is refused by name.
UPLOAD_LIMIT = 5 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {"procrastinate.blueprints": {"level": "WARNING"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
}
