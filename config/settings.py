"""All settings, read from the environment and safe by default.

`PORTAL_ENTORNO` is `produccion` unless it says `desarrollo`; only there a missing secret is made up,
plain HTTP is allowed and the embedded PostgreSQL of `config/basedatos.py` starts by itself.
"""

import os
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(BASE_DIR / ".env")  # only if it is there; the environment wins


def secreto_de_desarrollo(archivo: Path) -> str:
    """Return the secret kept in `archivo`, made on first use and readable by its owner only."""
    if not archivo.exists():
        with NamedTemporaryFile("w", dir=archivo.parent, prefix=".secreto-") as nuevo:
            nuevo.write(get_random_secret_key())
            nuevo.flush()
            with suppress(FileExistsError):  # two processes may start at once: the first one wins
                os.link(nuevo.name, archivo)
    return archivo.read_text()


# --- Where we run -------------------------------------------------------------------------------
ENTORNO = env.str("PORTAL_ENTORNO", default="produccion")
if ENTORNO not in {"produccion", "desarrollo"}:
    raise ImproperlyConfigured(f"PORTAL_ENTORNO={ENTORNO!r} no existe: use «produccion» o «desarrollo».")
DESARROLLO = ENTORNO == "desarrollo"
DEBUG = env.bool("DEBUG", default=False)
if DEBUG and not DESARROLLO:
    raise ImproperlyConfigured("DEBUG solo se permite con PORTAL_ENTORNO=desarrollo.")

SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    if not DESARROLLO:
        raise ImproperlyConfigured(
            "Falta SECRET_KEY en el entorno. Genere una con: "
            'python -c "import secrets; print(secrets.token_urlsafe(50))"'
        )
    SECRET_KEY = secreto_de_desarrollo(BASE_DIR / ".secreto")

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if DESARROLLO else [])
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured(
        "Falta ALLOWED_HOSTS en el entorno. Por ejemplo: "
        "ALLOWED_HOSTS=www.puertosantander-nortedesantander.gov.co"
    )

PORTAL_DEMO = env.bool("PORTAL_DEMO", default=False)
PORTAL_DEMO_CLAVE = env.str("PORTAL_DEMO_CLAVE", default="")

# A consulta de acceso a información pública is not a trámite, and the guidelines of the State disagree on
# whether the SUIT registers it: it stays out of the SUIT and of its percentages unless this says otherwise.
TRAMITES_CONSULTAS_EN_SUIT = env.bool("TRAMITES_CONSULTAS_EN_SUIT", default=False)

# --- What it is made of -------------------------------------------------------------------------
INSTALLED_APPS = [
    "portal",
    "tramites",
    "conectividad",
    "participacion",
    "ventanilla",
    "seguimiento",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "axes",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_prose_editor",
    "simple_history",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "portal.audiencia.middleware.Audiencia",
    "portal.middleware.Cabeceras",
    "csp.middleware.CSPMiddleware",
    "portal.middleware.SitioSinBase",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

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
                "portal.context_processors.sitio",
            ],
        },
    },
]

# --- Database -----------------------------------------------------------------------------------
if "DATABASE_URL" in env.ENVIRON:
    base_de_datos = env.db_url("DATABASE_URL")
elif not DESARROLLO:
    raise ImproperlyConfigured(
        "Falta DATABASE_URL en el entorno. Por ejemplo: DATABASE_URL=postgres://portal:clave@localhost/portal"
    )
else:
    from config.basedatos import url_embebida

    base_de_datos = env.db_url_config(url_embebida(BASE_DIR))

DATABASES = {
    "default": base_de_datos
    | {
        "ENGINE": "django.db.backends.postgresql",
        # Closing the connection after each request costs two thirds of the speed.
        "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=600),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 3,
            "options": "-c statement_timeout=15000 -c lock_timeout=5000 "
            "-c idle_in_transaction_session_timeout=30000 "
            # «Quizá quiso decir» accepts words this similar (0..1).
            "-c pg_trgm.word_similarity_threshold=0.5",
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    # Keys carry the edición, so each worker's memory is right without talking to the others.
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "TIMEOUT": 3600},
    # The last good copy of each public page, served when the database does not answer.
    "copias": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": env.path("PORTAL_COPIAS", default=str(BASE_DIR / ".copias"))(),
        "TIMEOUT": None,
        "OPTIONS": {"MAX_ENTRIES": 5000},
    },
}
# Where the backups of the server are, when the portal may read it. Without it, it says that it does not know.
CARPETA_DE_RESPALDOS = env.str("PORTAL_RESPALDOS", default="")

# --- Who enters ---------------------------------------------------------------------------------
AUTH_USER_MODEL = "portal.Usuario"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
PASSWORD_RESET_TIMEOUT = 60 * 60
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# Everybody in the alcaldía leaves by one public address, so an address alone is never blocked.
AXES_FAILURE_LIMIT = 5
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_COOLOFF_TIME = env.float("AXES_COOLOFF_HORAS", default=0.25)
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "429.html"
PROXIES = env.int("PROXIES", default=0)
AXES_CLIENT_IP_CALLABLE = "portal.direccion.direccion_de"
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_VERBOSE = False

# --- What the browser may do --------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
HTTPS = env.bool("PORTAL_HTTPS", default=not DESARROLLO)
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^salud/$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES else None
SECURE_HSTS_SECONDS = env.int("HSTS_SEGUNDOS", default=31536000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_NAME = "__Host-sesion" if HTTPS else "sesion"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_FAILURE_VIEW = "portal.views.errores.csrf"
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
X_FRAME_OPTIONS = "DENY"

# --- How much it is read ------------------------------------------------------------------------
#: Seconds between the writings of what each process counted in its memory.
AUDIENCIA_CADA = env.int("AUDIENCIA_CADA", default=60)

# --- Language and time --------------------------------------------------------------------------
LANGUAGE_CODE = "es-co"
TIME_ZONE = "America/Bogota"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["config.formatos"]
LOCALE_PATHS = [BASE_DIR / "locale"]

# --- Files --------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=str(BASE_DIR / ".static"))()
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = env.path("MEDIA_ROOT", default=str(BASE_DIR / ".media"))()
# No MEDIA_URL: uploads leave only through `portal.views.archivos`.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# A hoja de vida is saved whole: 12 momentos of 10 payments send some 2.500 fields; Django takes 1.000.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

SIMPLE_HISTORY_REVERT_DISABLED = True

# --- Other sites --------------------------------------------------------------------------------
# Links are asked whether they answer, never at an address of the inside. Tests ask their own machine.
ENLACES_REDES_LOCALES = env.bool("ENLACES_REDES_LOCALES", default=False)

# --- Mail ---------------------------------------------------------------------------------------
# Without EMAIL_URL nothing is sent: messages wait in the outbox, in sight of who administers.
# For example: EMAIL_URL=smtp+tls://usuario:clave@correo.ejemplo.gov.co:587
servidor_de_correo = env.email_url("EMAIL_URL", default="dummymail://")
EMAIL_BACKEND = servidor_de_correo["EMAIL_BACKEND"]
EMAIL_HOST = servidor_de_correo["EMAIL_HOST"] or ""
EMAIL_PORT = servidor_de_correo["EMAIL_PORT"] or 25
EMAIL_HOST_USER = servidor_de_correo["EMAIL_HOST_USER"] or ""
EMAIL_HOST_PASSWORD = servidor_de_correo["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS = servidor_de_correo.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = servidor_de_correo.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10
# Messages are written out of a request, and a `Host` header must not decide where their links lead.
PORTAL_URL = env.str("PORTAL_URL", default=f"{'https' if HTTPS else 'http'}://{ALLOWED_HOSTS[0]}").rstrip("/")
DEFAULT_FROM_EMAIL = env.str("CORREO_REMITENTE", default=f"no-responder@{ALLOWED_HOSTS[0]}")

# --- Records ------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"linea": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"sin_secretos": {"()": "portal.secretos.SinSecretos"}},
    "handlers": {
        "consola": {"class": "logging.StreamHandler", "formatter": "linea", "filters": ["sin_secretos"]}
    },
    "root": {"handlers": ["consola"], "level": env.str("NIVEL_DE_REGISTRO", default="WARNING")},
}
