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

# A client may call its method what it likes.
ALLOWED_METHODS = frozenset("GET HEAD POST PUT PATCH DELETE OPTIONS TRACE CONNECT".split())

_MIME = r"[\w.+*-]{1,60}/[\w.+*-]{1,80}"
_QUALITY = r"(?: ?; ?q=[01](?:\.\d{1,3})?)?"
_CODING = r"(?:gzip|deflate|br|zstd|compress|identity|chunked|trailers|\*)"


def _listed(form: str) -> str:
    return rf"{form}{_QUALITY}(?: ?, ?{form}{_QUALITY}){{0,20}}"


# Request headers whose values help to reproduce an error and say nothing about a person, and the form of those values.
# All others leave by name only; Referer, for one, carries the query string of the page before.
ALLOWED_HEADERS = {
    "accept": _listed(_MIME),
    "accept-encoding": _listed(_CODING),
    "accept-language": _listed(r"(?:[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,4}){0,3}|\*)"),
    "cache-control": _listed(r"(?:no-cache|no-store|no-transform|only-if-cached|max-age=\d{1,9})"),
    "connection": r"(?i:keep-alive|close|upgrade)",
    "content-encoding": _listed(_CODING),
    "content-length": r"\d{1,12}",
    "content-type": rf"{_MIME}(?:; ?(?:charset=[\w-]{{1,20}}|boundary=[\w'()+,./:=?-]{{1,70}}))?",
    "host": r"[A-Za-z0-9.:\[\]-]{1,255}",
    "transfer-encoding": _listed(_CODING),
    "user-agent": r"[\x20-\x7e]{1,512}",
}

_SMALL = r"-?\d{1,6}"
_SORTED = (
    r"-?(?:id|pk|name|title|size|date|time|created|updated|created_at|updated_at|uploaded_at|popularity|relevance)"
)
# Query and body keys whose values are small numbers or come from a short list, and that list.
ALLOWED_VALUES = {
    **dict.fromkeys(("limit", "offset", "page", "page_size", "per_page"), _SMALL),
    "format": r"json|csv|xml|html|api|yaml|jpeg|jpg|png|webp|gif|pdf",
    "order": r"asc|desc",
    **dict.fromkeys(("ordering", "sort", "sort_by"), _SORTED),
    "size": rf"{_SMALL}|thumbnail|small|medium|large|original",
    "visibility": r"public|private|unlisted|internal",
}

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

# `data` and `help_link` are free.
MECHANISM_KEYS = frozenset(
    {"exception_id", "handled", "is_exception_group", "parent_id", "source", "synthetic", "type"}
)
EXCEPTION_KEYS = frozenset({"mechanism", "module", "stacktrace", "thread_id", "type", "value"})
LOG_ENTRY_KEYS = frozenset({"formatted", "message"})
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
MONITOR_KEYS = frozenset(
    {"checkin_margin", "failure_issue_threshold", "max_runtime", "recovery_threshold", "schedule", "timezone"}
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
        "argv",
        "cache.key",
        "celery-job",
        "celery.args",
        "celery.kwargs",
        "client.address",
        "client.port",
        "db.params",
        "db.query.parameter",
        "db.redis.key",
        "db.user",
        "enduser.id",
        "environ",
        "host.name",
        "hostname",
        "http.fragment",
        "http.query",
        "http.request.body",
        "http.request.body.data",
        "messaging.message.body",
        "net.peer.name",
        "network.peer.address",
        "network.peer.port",
        "process.command_args",
        "process.command_line",
        "redis.key",
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
    # Of a log line, the values that its text shows scrubbed, without their keys.
    "sentry.message.parameter",
)
# Spans and breadcrumbs of which the first word leaves: the command, not its arguments.
FIRST_WORD_OPS = ("subprocess", "db.redis", "redis")
CACHE_SPAN = "<cache key>"
# What a template was given: the view's data.
DROPPED_SPAN_KEYS = frozenset({"context"})
DROPPED_SPAN_PREFIXES = ("context.",)
# What a person wrote into a feedback form, with their name and address.
DROPPED_CONTEXTS = frozenset({"feedback"})
# What this project's log lines carry and the event says already.
LOG_RECORD_KEYS = frozenset({"asctime", "request_id", "route", "task", "trace_id", "user_id"})
# Values that are URLs: scheme, host and the shape of the path stay.
URL_DATA_KEYS = frozenset({"url", "url.full", "url.original", "http.url", "url.path", "http.target"})
# Values that are SQL: placeholders stay, literals go.
SQL_DATA_KEYS = frozenset({"db.statement", "db.query.text", "db.query.summary"})

# A transaction may be named after these; any other name (a path, a URL) may hold anything a stranger typed.
# https://develop.sentry.dev/sdk/event-payloads/transaction/#transaction-annotations
SAFE_TRANSACTION_SOURCES = frozenset({"route", "component", "custom", "task", "view"})
UNNAMED_TRANSACTION = "<unmatched path>"

# ---- Line 2: keys whose values never leave, whatever they look like -----------------------------------------------

# Words that make a key sensitive, whichever way it is spelled (apiKey, API-KEY, my_api_key).
SENSITIVE_WORDS = frozenset(
    (
        "auth authorization bearer cookie cookies cred creds credential credentials csrf csrfmiddlewaretoken "
        "csrftoken cvc cvc2 cvv cvv2 dsn hmac jsessionid jwt mfa nonce otp passcode passphrase passwd password "
        "passwords passwort pass phpsessid sessid pin pincode psk psw pw pwd sas secret secrets session sessionid "
        "sessions sid sig signature ssn token tokens totp xsrf"
    ).split()
)
# One word that ends with these: authtoken, dbpassword, apikey.
SENSITIVE_ENDINGS = tuple("apikey authkey cookie credentials passphrase password passwd secret secretkey token".split())
# A word that makes the one after it a secret.
_KEY_OWNERS = (
    "access account api app application auth client consumer encryption fernet hash license master private "
    "publishable rsa secret sentry service shared signing ssh storage subscription vault webhook"
).split()
_CODE_OWNERS = (
    "access activation auth authorization backup confirmation fa factor invite login mfa one otp pin recovery "
    "reset security signin sms time verification"
).split()
SENSITIVE_PAIRS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(_KEY_OWNERS, ("key", "keys")),
    **dict.fromkeys(_CODE_OWNERS, ("code", "codes")),
    **dict.fromkeys(("access", "auth"), ("key", "keys", "code", "codes")),
    "client": ("key", "keys", "assertion"),
    **dict.fromkeys("devops gh github gitlab".split(), ("pat",)),
    "security": ("code", "answer", "pin"),
    "secret": ("key", "keys", "answer"),
    "code": ("verifier",),
    "recaptcha": ("response",),
    "saml": ("request", "response"),
    "card": ("number", "no", "pan"),
    "remember": ("web",),
}
# "password" in other languages; found anywhere in a key.
FOREIGN_SECRETS = (
    "kennwort",
    "passwort",
    "mot de passe",
    "mot_de_passe",
    "motdepasse",
    "contraseña",
    "contrasena",
    "clave_secreta",
    "senha",
    "wachtwoord",
    "пароль",
    "密码",
    "密碼",
    "パスワード",
    "lösenord",
    "hasło",
    "비밀번호",
    "adgangskode",
    "contrasenya",
    "geheimnis",
    "heslo",
    "jelszó",
    "lozinka",
    "parola",
    "parolă",
    "salasana",
    "şifre",
    "κωδικός πρόσβασης",
)
# A secret as a word, a count as a number: tokens: 512, session: 3.
COUNTABLE_WORDS = frozenset("cookies pass session sessions token tokens secrets credentials nonce auth keys".split())
# A last word that says that the value is about the secret, not the secret: token_count, password_changed_at.
HARMLESS_LAST_WORDS = frozenset(
    (
        "age algorithm alg allow algorithms allowed at attempts backend backends based cache changed charset "
        "check checked checks class classes column config configured count created curve date days default "
        "deleted depth dir domain enabled encoding endpoint engine enter error errors exception exist exceptions "
        "exempt exists expire expired expires expiry factory field fields file files folder focus form format "
        "found generator handler handlers hasher hashers header headers help hint host hosts hours index in input "
        "interval issuer label layout len length less lifetime limit list loaded location manager max message "
        "method methods ms middleware min minutes missing mixin mode model ms name names namespace num number "
        "origins page param parameter path pattern permission placeholder policy position prefix protected "
        "provider pwned providers ratio rate region refresh regex required requirements response reuse rotation "
        "route rule samesite schema scheme scope scopes score second s seconds secure serializer service settings "
        "size state status storage store strategy strength started ended suffix support supported table task "
        "template text timeout title top total ttl type types updated uri url urls usage use used user valid "
        "validation validator validators version view views warning width duration"
    ).split()
)
# In the object that a secret's key holds, what only describes it: {"session": {"engine": "cache"}}.
DESCRIBING_KEYS = frozenset(
    "age algorithm alg backend engine expires expires_in expiry header length maxlength max_length min_length "
    "minlength required scheme scope strategy type token_type version".split()
)
# Keys that name a person. Line 1 never collects them; this is for extras, contexts and tags of one's own.
PERSONAL_KEYS = frozenset(
    (
        "address bio copyright gender religion salary nationality birth_place name_on_card customer_name employee_name "
        "patient_name coords coordinates geo geo_point latlng mac mac_address xp_author artist creator owner_name "
        "seed_phrase mnemonic address_1 address_2 address_line address_line_1 address_line_2 address_line1 "
        "address_line2 address1 address2 artist birth_date birth_day birthdate birthday birthplace "
        "body_serial_number camera_owner_name cardholder cardholder_name city_of_birth date_of_birth display_name "
        "dob family_name first_name firstname full_name fullname geburtsdatum given_name gps_altitude gps_info "
        "gps_latitude gps_longitude gps_position home_address iban last_name lastname lat latitude legal_name "
        "lens_serial_number lng lon longitude maiden_name middle_name mobile mobile_number mothers_maiden_name "
        "msisdn nachname national_id nationality nickname owner_name passport passport_no passport_number "
        "personnummer phone phone_no phone_number phonenumber place_of_birth plz post_code postal_address "
        "postal_code postcode real_name recipient_name sender_name shipping_address billing_address "
        "social_security_number ssn street street_address surname tax_id tax_number tel telephone telefon "
        "user_name username vorname zip zip_code zipcode imei imsi device_serial serial_number driver_license "
        "drivers_license licence_number license_number account_number bank_account bic swift sort_code "
        "routing_number diagnosis"
    ).split()
)
PERSONAL_ENDINGS = tuple(
    f"_{ending}"
    for ending in (
        "address_line artist author birth_date date_of_birth dob first_name full_name iban last_name latitude "
        "longitude mac_address maiden_name mobile name_on_card phone phone_number position postal_code postcode "
        "seed_phrase serial_number street surname username zip"
    ).split()
)

# What ties events, spans and log lines together. Values in the form of a generated ID are no data and stay whole.
ID_KEYS = frozenset(
    {"check_in_id", "event_id", "parent_span_id", "request_id", "sid", "span_id", "trace_id", "user_id"}
)

# ---- What takes the place of what was found --------------------------------------------------------------------

REDACTED = "[REDACTED]"
EMAIL = "[EMAIL_REDACTED]"
TOKEN = "[TOKEN_REDACTED]"  # noqa: S105 - a placeholder
CARD = "[CARD_REDACTED]"
IBAN = "[IBAN_REDACTED]"
KEY = "[KEY_REDACTED]"
HASH = "[HASH_REDACTED]"
PHONE = "[PHONE_REDACTED]"
ID = "[ID_REDACTED]"
GPS = "[GPS_REDACTED]"
NAME = "[NAME_REDACTED]"
DEVICE = "[DEVICE_REDACTED]"
INVALID_IP = "[INVALID_IP]"
TOO_DEEP = "[TOO_DEEP]"

# Keys of a file's name, and the endings of files that people make; other names (of code) stay.
FILE_NAME_KEYS = frozenset(
    {"filename", "file_name", "originalfilename", "original_filename", "original_name", "upload_name", "name"}
)
PERSONAL_FILES = tuple(
    f".{ending}" for ending in "jpg jpeg png gif webp heic heif tiff pdf doc docx xls xlsx mp4 mov".split()
)
