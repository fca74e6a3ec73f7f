"""The data policy, as data. What is allowed to leave is named here; each entry that is not obvious has its why.

docs/privacy.md shows the same policy as a table for people.
"""

# ---- Line 1: what is allowed to leave ------------------------------------------------------------------------

# Envelope items (https://develop.sentry.dev/sdk/data-model/envelope-items/). What is not listed is dropped:
# attachment, profile, profile_chunk, replay and whatever comes next hold bytes that nothing here can look into.
ALLOWED_ITEM_TYPES = frozenset(
    {
        "event",
        "transaction",
        "span",
        "log",
        "trace_metric",
        "check_in",
        "session",
        "sessions",
        "client_report",
    }
)

# Request headers whose values help to reproduce an error and say nothing about a person.
# All others leave by name only; Referer, for one, carries the query string of the page before.
ALLOWED_HEADERS = frozenset(
    {
        "accept",
        "accept-encoding",
        "accept-language",
        "cache-control",
        "connection",
        "content-encoding",
        "content-length",
        "content-type",
        "expect",
        "host",
        "if-match",
        "if-modified-since",
        "if-none-match",
        "if-unmodified-since",
        "range",
        "transfer-encoding",
        "upgrade",
        "user-agent",
        "x-request-id",
    }
)

# Query and body keys whose values come from a short list or are small numbers.
ALLOWED_KEYS = frozenset(
    {
        "format",
        "limit",
        "offset",
        "order",
        "page",
        "page_size",
        "per_page",
        "size",
        "sort",
        "sort_by",
        "visibility",
    }
)

# Top-level keys of an event or a transaction. Missing on purpose: modules (kilobytes that the release implies),
# breadcrumbs' and others' `_meta`, debug_meta, errors.
EVENT_KEYS = frozenset(
    {
        "breadcrumbs",
        "contexts",
        "dist",
        "environment",
        "event_id",
        "exception",
        "extra",
        "fingerprint",
        "level",
        "logentry",
        "logger",
        "measurements",
        "message",
        "platform",
        "release",
        "request",
        "sdk",
        "server_name",
        "spans",
        "stacktrace",
        "start_timestamp",
        "tags",
        "threads",
        "timestamp",
        "transaction",
        "transaction_info",
        "type",
        "user",
    }
)

FRAME_KEYS = frozenset({"colno", "filename", "function", "in_app", "lineno", "module"})
# Of frames that are this project's own: source lines (of code, not of data) and the shapes of variables.
SOURCE_KEYS = ("pre_context", "context_line", "post_context")

EXCEPTION_KEYS = frozenset({"mechanism", "module", "stacktrace", "thread_id", "type", "value"})
THREAD_KEYS = frozenset({"crashed", "current", "id", "main", "name", "stacktrace"})
BREADCRUMB_KEYS = frozenset({"category", "data", "level", "message", "timestamp", "type"})
SPAN_KEYS = frozenset(
    {
        "data",
        "description",
        "end_timestamp",
        "exclusive_time",
        "is_segment",
        "name",
        "op",
        "origin",
        "parent_span_id",
        "same_process_as_parent",
        "span_id",
        "start_timestamp",
        "status",
        "tags",
        "timestamp",
        "trace_id",
    }
)
TRACE_KEYS = frozenset({"data", "op", "origin", "parent_span_id", "span_id", "status", "trace_id"})
LOG_KEYS = frozenset({"attributes", "body", "level", "severity_number", "span_id", "timestamp", "trace_id"})
METRIC_KEYS = frozenset({"attributes", "name", "span_id", "timestamp", "trace_id", "type", "unit", "value"})
CHECK_IN_KEYS = frozenset(
    {
        "check_in_id",
        "contexts",
        "duration",
        "environment",
        "event_id",
        "monitor_config",
        "monitor_slug",
        "release",
        "status",
        "timestamp",
        "type",
    }
)
SESSION_KEYS = frozenset(
    {"aggregates", "attrs", "duration", "errors", "init", "seq", "sid", "started", "status", "timestamp"}
)
SESSION_ATTRS = frozenset({"environment", "release"})
CLIENT_REPORT_KEYS = frozenset({"discarded_events", "timestamp"})

# Data of spans, breadcrumbs and logs that says who or where, or repeats a URL with its query string.
DROPPED_DATA_KEYS = frozenset(
    {
        "address",
        "cache.key",
        "client.address",
        "client.port",
        "db.params",
        "db.query.parameter",
        "db.user",
        "http.fragment",
        "http.query",
        "http.request.body.data",
        "network.peer.address",
        "network.peer.port",
        "remote_addr",
        "server.address",
        "sys.argv",
        "url.fragment",
        "url.query",
        "user.email",
        "user.geo",
        "user.ip_address",
        "user.name",
    }
)
# Prefixes of the same: every captured header, cookie or SQL parameter is one key.
DROPPED_DATA_PREFIXES = (
    "http.request.header.",
    "http.request.cookie",
    "db.query.parameter.",
    "url.path.parameter.",
)
# What this project's log lines carry and the event says already.
LOG_RECORD_KEYS = frozenset({"asctime", "request_id", "user_id"})
# Values that are URLs: scheme, host and the shape of the path stay.
URL_DATA_KEYS = frozenset({"url", "url.full", "http.url", "url.path", "http.target"})
# Values that are SQL: placeholders stay, literals go.
SQL_DATA_KEYS = frozenset({"db.statement", "db.query.text", "db.query.summary"})

# A transaction may be named after these; any other name (a path, a URL) may hold anything a stranger typed.
# https://develop.sentry.dev/sdk/event-payloads/transaction/#transaction-annotations
SAFE_TRANSACTION_SOURCES = frozenset({"route", "component", "custom", "task", "view"})
UNNAMED_TRANSACTION = "<unmatched path>"

# ---- Line 2: keys whose values never leave, whatever they look like -----------------------------------------------

# Words that make a key sensitive, whichever way it is spelled (apiKey, API-KEY, my_api_key).
SENSITIVE_WORDS = frozenset(
    {
        "auth",
        "authentication",
        "authorization",
        "bearer",
        "cookie",
        "cookies",
        "credential",
        "credentials",
        "csrf",
        "csrfmiddlewaretoken",
        "csrftoken",
        "cvc",
        "cvv",
        "dsn",
        "jwt",
        "mfa",
        "otp",
        "passcode",
        "passphrase",
        "passwd",
        "password",
        "passwords",
        "pwd",
        "secret",
        "secrets",
        "session",
        "sessionid",
        "signature",
        "ssn",
        "token",
        "tokens",
        "totp",
        "xsrf",
    }
)
# Two words in a row that do.
SENSITIVE_PAIRS = frozenset(
    {
        ("access", "key"),
        ("account", "key"),
        ("api", "key"),
        ("card", "number"),
        ("client", "key"),
        ("encryption", "key"),
        ("master", "key"),
        ("private", "key"),
        ("secret", "key"),
        ("security", "code"),
        ("set", "cookie"),
        ("shared", "key"),
        ("signing", "key"),
        ("storage", "key"),
    }
)
# The same as one word (apikey, secretkey).
SENSITIVE_COMPOUNDS = tuple("".join(pair) for pair in sorted(SENSITIVE_PAIRS))
# A last word that says that the value is about the secret, not the secret: token_count, password_changed_at.
HARMLESS_LAST_WORDS = frozenset(
    {
        "age",
        "algorithm",
        "at",
        "backend",
        "class",
        "count",
        "domain",
        "enabled",
        "engine",
        "expired",
        "expires",
        "expiry",
        "field",
        "length",
        "lifetime",
        "limit",
        "max",
        "method",
        "min",
        "model",
        "name",
        "policy",
        "position",
        "required",
        "scheme",
        "scope",
        "seconds",
        "size",
        "status",
        "timeout",
        "total",
        "ttl",
        "type",
        "used",
        "usage",
        "valid",
        "validators",
        "version",
    }
)
# Keys that name a person. Line 1 never collects them; this is for extras, contexts and tags of one's own.
PERSONAL_KEYS = frozenset(
    {
        "birthdate",
        "birthday",
        "date_of_birth",
        "display_name",
        "dob",
        "first_name",
        "firstname",
        "full_name",
        "fullname",
        "last_name",
        "lastname",
        "maiden_name",
        "mobile_number",
        "phone",
        "phone_number",
        "phonenumber",
        "postal_address",
        "street_address",
        "surname",
        "user_name",
        "username",
    }
)

# ---- What takes the place of what was found --------------------------------------------------------------------

REDACTED = "[REDACTED]"
EMAIL = "[EMAIL_REDACTED]"
TOKEN = "[TOKEN_REDACTED]"  # noqa: S105 - a placeholder
CARD = "[CARD_REDACTED]"
IBAN = "[IBAN_REDACTED]"
KEY = "[KEY_REDACTED]"
INVALID_IP = "[INVALID_IP]"
TOO_DEEP = "[TOO_DEEP]"
