"""Inputs that make careless expressions slow: each is repeated until the text is as long as wanted."""

UNITS = (
    "a", "a@", "@", "a.", "x@y", "x@y.", "a@a.a.", "a%40", "%40", "%25", "&#", "&#64;", "\\u0040", "1", "1 ",
    "1-", "1.", "1:", "4111 ", "12-", "DE89 ", "DE893704", "+1", "(0", ":", "a:", "ab::", "::", "eyJ",
    "eyJa.", "Bearer ", "bearer", "Basic A", "://", "a://", "a://b:", "https://a:b", "-----BEGIN ",
    "-----BEGIN RSA PRIVATE KEY-----", "cookie: ", "cookie a=b; ", "password=", "password: ", "password='\\'",
    "token=\"\\", "token='", "'token': ", "--password ", "key_", "sk_live_", "=", "?a=", "&token=", "\"",
    "\\", "\\\"", "[", "{\"a\":", "(", " ", "\n", "\t \n", "the code is ", "name=", "/home/", "Key (a)=(",
    "\xe9", "\u200b", "\uff20", "..", "a-b-",
)  # fmt: skip


# One of each character that a scrubber may look for before it looks closer, so that none skips the text.
TAIL = " @ 123456789 = : %40 & + $ / \\ < > ' \" - _"


def text(unit: str, length: int) -> str:
    """Return the unit over and over, `length` characters of it, and the tail."""
    return (unit * (length // len(unit) + 1))[:length] + TAIL
