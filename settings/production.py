"""Production: secure by default; what has no safe default must be set, or the process refuses to start."""

from settings.env import boolean, integer, require, secret_key

from settings.base import *  # isort: skip

# base's SQLite file is for development; here it is a decision (a sqlite:/// URL is one too).
require("DATABASE_URL")
# https://docs.djangoproject.com/en/6.1/ref/settings/#secret-key
SECRET_KEY = secret_key("SECRET_KEY")
# https://docs.djangoproject.com/en/6.1/ref/settings/#allowed-hosts
ALLOWED_HOSTS = [host.strip() for host in require("ALLOWED_HOSTS").split(",") if host.strip()]

DEBUG = False

# https://docs.djangoproject.com/en/6.1/topics/security/#ssl-https
SECURE_SSL_REDIRECT = boolean("SECURE_SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = integer("SECURE_HSTS_SECONDS", default=31536000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
# Probes come from inside, without TLS: https://docs.djangoproject.com/en/6.1/ref/settings/#secure-redirect-exempt
SECURE_REDIRECT_EXEMPT = [r"^api/v1/health(/ready)?$"]
if TRUSTED_PROXY_COUNT > 0:
    # Only a proxy of ours may say that the client spoke TLS:
    # https://docs.djangoproject.com/en/6.1/ref/settings/#secure-proxy-ssl-header
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
