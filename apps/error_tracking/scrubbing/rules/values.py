"""Which texts behind a key may be its secret, and which are a sentence, a placeholder, code or a count."""

from .. import policy
from ..keys import KeyClass, key_class
from ..lazy import lazy

# What stands after "password:" in a sentence, and is no password.
_PROSE = frozenset(
    (
        "a access active await after already also always an and any app are as at bad be been bearer before both but by called can cannot changed "
        "check command could create denied granted refused inherit inherited created default did digest disabled does doesn each either empty enabled enter error every expired expires failed "
        "false field fields first for forgot found from generated get given has have here hidden if ignored in include included incorrect "
        "int into invalid is it its key lax length less limit login logout long lost made malformed manager max may min mismatch missing "
        "more must new next no none not now null of off ok old omit omitted on once one only optional or our out over per please "
        "provided reached read received refresh refreshed require required reset revoked rotated same same-origin second see sent "
        "set should since skipped so some stored str strict string strong such taken than that the their then there these they "
        "this through to token too true two type unable unchanged undefined under unknown unset until unused updated use used "
        "user using valid value verified via view was we weak were what when where whether which while will with without wrong yield self "
        "yes yet you your started closed ended opened saved loaded restored destroyed don isn wasn didn bool bytes object callable float list dict boolean number text varchar char binary secretstr "
        "password passwd secret username email name api_key x-api-key session-key"
    ).split()
)
# Code and templates that name a value without holding it.
_EXPRESSION = lazy(
    r"""(?xs)
    \$?[A-Za-z_][\w.]{0,80}[(\[].*                        # os.environ["X"], get_token()
    | [A-Za-z_]+(?:\.[A-Za-z_]+)+                          # cfg.password, TokenKind.NAME
    | (?:self|cls|request|settings|config|conf|env|environ|os|data|kwargs|args|form|user|obj|options|opts|params|props|this|process
       |payload|response|session|credentials|event|context|account|conn|app|current_app|cleaned_data|validated_data|validated
       |serializer|instance|body|query|values|state|ctx|client|secrets|vault|models?|forms|serializers|typing|t|req|res|auth|creds)
      \.[\w.]{1,80}
    | [A-Za-z_]\w{0,40}(?:Field|Token|Store|Manager|Error|Exception|Backend|Serializer|View|Form|Str)
    """
)
_PLACEHOLDER = lazy(
    r"""(?xs)
    %\(?\w{0,60}\)?[sdr] | %s | \? | \$\d{1,3} | :\w{1,60} | \$\{.{0,80} | \$\(.{0,80} | \$[A-Za-z_]\w{0,60} | @\w{1,60} | cat\ .{0,80}
    | (?:\{\{?[\w\ .|!:\'"()-]{0,80}\}\}?[./:-]?){1,8} | \{\{[^}]{0,80}
    | <[\w\ ./-]{0,80}>? | [\w-]{0,20}\*{4,}\w{0,4} | [*•xX]{3,} | [*•]+ | \.{2,} | …+ | [-_=+]+ | [a-z]{1,20}\[\d{1,12}\]
    | \[?(?:Filtered|filtered|FILTERED|hidden|masked|MASKED)\]?
    """
)
_SENTENCE = lazy(r"[A-Z][a-z]{0,20}(?: [\w'’,:-]{1,30}[.!?]?){1,40}")
# "Custom 3fK9…" is a scheme and its token: no sentence has such a word.
_TOKEN = lazy(r"\b(?=[a-zA-Z_-]{0,64}\d)(?=[\d_-]{0,64}[a-zA-Z])[\w-]{16,}")
# What no word has: a digit, or a sign within.
_ODD = lazy(r"\d|\w[!@#$%^&*_+=~?-]\S")
_STAND_IN = lazy(r"\[[A-Z_]{0,20}REDACTED\]?|(?i:bearer|basic|token|digest)")
_FIELDS = frozenset(
    "api_key authorization email last_login totp webauthn name password passwd secret token username x-api-key".split()
)
_NOTHING = frozenset("none null true false nil undefined yes no include same-origin omit lax strict".split())
_ROW_ID = lazy(r"\d{1,9}")
_RELEASE = lazy(r"v?\d{1,4}(?:\.\d{1,4}){1,3}")
_NUMBER = lazy(r"\d{1,9}(?:\.\d{1,6})?%?")
# One token is no count of six digits: that is what an authenticator shows.
_ONE_TIME = lazy(r"\d{6}|\d{8}")
_ALGORITHM = lazy(
    r"(?i:[hrep]s(?:256|384|512)|eddsa|ed25519|(?:hmac[-_])?(?:sha-?(?:1|224|256|384|512)|md5)|argon2(?:id|i|d)?|bcrypt|scrypt|pbkdf2(?:_sha\d{1,3})?)|SIG[A-Z]{3,6}"
)


def may_be_secret(text: str, key: str, *, quoted: bool) -> bool:
    """Say whether what stands behind a sensitive key may be its secret, not a placeholder, a word or an expression."""
    bare = text.strip().strip("\"'`“”‘’,") if quoted else text.strip().rstrip(",")
    name = key.lower()
    if "REDACTED" in bare and (quoted or "://" in bare or "=" in bare or not _STAND_IN.sub("", bare).strip(" .,:;])")):
        return False
    lowered = bare.lower()
    if len(bare) < 2 or lowered == name or lowered in _NOTHING or _PLACEHOLDER.fullmatch(bare):
        return False
    if is_harmless_value(key, bare):
        return False
    if quoted:
        is_prose_text = _SENTENCE.fullmatch(bare) and not _TOKEN.search(bare)
        return not is_prose_text and lowered not in _FIELDS
    if (
        bare.startswith(("[", "("))
        or (bare.startswith("{") and not bare.endswith("}"))
        or (name.endswith("pass") and not _ODD.search(bare))
    ):
        return False
    # client_secret=client_secret passes a variable on.
    is_name = lowered.endswith(name) and bare.replace("_", "").isalpha()
    return not is_prose(bare) and not is_name and not _EXPRESSION.fullmatch(bare)


def is_harmless_value(key: str, text: str) -> bool:
    """Say whether a value is a count (tokens: 512), a folder (pwd=/app) or a sentence ("This field is required.")."""
    if _ALGORITHM.fullmatch(text):
        return True
    name = key.lower()
    if key_class(key) is KeyClass.COUNTABLE and _NUMBER.fullmatch(text):
        return not (name.endswith("token") and _ONE_TIME.fullmatch(text))
    if name.endswith("id") and _ROW_ID.fullmatch(text):  # api_key_id=12
        return True
    if name == "pin" and _RELEASE.fullmatch(text):
        return True
    if len(text) < 3 and text.isdigit() and "pass" in name:  # `string password = 2;` in a schema
        return True
    return name == "pwd" and text.startswith("/")


def is_description(key: str) -> bool:
    """Say whether a key inside of a secret's object is about the secret: "password": {"type": "string"}."""
    return key.lower() in policy.DESCRIBING_KEYS


def is_sentence(text: str) -> bool:
    """Say whether a text reads as a sentence: what a form answers under `password`, not a password."""
    return _SENTENCE.fullmatch(text) is not None and text.endswith((".", "!", "?"))


def is_prose(text: str) -> bool:
    """Say whether a word is one that a sentence goes on with, not a secret."""
    return text.lower().rstrip(".:!,;?") in _PROSE
