"""Line 2 for texts: what is replaced, and what must stay as it is."""

from collections import Counter

import pytest

from apps.error_tracking.scrubbing import scrub_string
from apps.error_tracking.scrubbing import text as scrubbing_text
from apps.error_tracking.scrubbing.rules.numbers import luhn_valid
from apps.error_tracking.scrubbing.text import scrub_counted

# Keys that look real are built from parts, so that no scanner takes them for live ones.
STRIPE = "sk_" + "live_" + "4eC39HqLyjWDarjtT1zdp7dc"
GITHUB = "gh" + "p_" + "16C7e42F292c6912E7710c838347Ae178B4a"
AWS = "AK" + "IA" + "IOSFODNN7EXAMPLE"
JWT = ".".join(("ey" + "JhbGciOiJIUzI1NiJ9", "ey" + "JzdWIiOiIxMjM0In0", "dozjgNryP4J3jVmNHl0w5N"))
PEM = "-----BEGIN RSA PRIVATE" + " KEY-----\nMIIEow\nIBAAK\n-----END RSA PRIVATE" + " KEY-----"

REPLACED = [
    # e-mail, however it is spelled
    ("user john.doe@example.com failed", "user [EMAIL_REDACTED] failed"),
    ("<john@sub.example.co.uk>", "<[EMAIL_REDACTED]>"),
    ("mailto:john+tag@example.com", "mailto:[EMAIL_REDACTED]"),
    ("john%40example.com", "[EMAIL_REDACTED]"),
    ("john%2540example.com", "[EMAIL_REDACTED]"),
    ("john&#64;example.com", "[EMAIL_REDACTED]"),
    ("john&#x40;example.com", "[EMAIL_REDACTED]"),
    ("john\\u0040example.com", "[EMAIL_REDACTED]"),
    ("john\uff20example.com", "[EMAIL_REDACTED]"),
    ("jürgen@müller.de", "[EMAIL_REDACTED]"),
    ("Key (email)=(a@b.co) already exists.", "Key (email)=([EMAIL_REDACTED]) already exists."),
    ("GET /users?email=jo%40ex.com&page=2", "GET /users?email=[EMAIL_REDACTED]&page=2"),
    ("'john@example.com'", "'[EMAIL_REDACTED]'"),
    # keys and values
    ("password=secret123", "password=[REDACTED]"),
    ("password: hunter2", "password: [REDACTED]"),
    ("PASSWORD = 'a b c', x=1", "PASSWORD = '[REDACTED]', x=1"),
    ('{"password": "abc", "b": 2}', '{"password": "[REDACTED]", "b": 2}'),
    ("{'api_key': 'abc'}", "{'api_key': '[REDACTED]'}"),
    ('{\\"password\\": \\"abc\\"}', '{\\"password\\": \\"[REDACTED]\\"}'),
    ('{"password": "a\\"b"}', '{"password": "[REDACTED]"}'),
    ("?access_token=abc&x=1", "?access_token=[REDACTED]&x=1"),
    ("userPassword=abc", "userPassword=[REDACTED]"),
    ("csrfmiddlewaretoken=abc123", "csrfmiddlewaretoken=[REDACTED]"),
    ("Cookie: sessionid=abc; theme=dark", "Cookie: sessionid=[REDACTED]; theme=[REDACTED]"),
    ("X-Auth-Token: abc123", "X-Auth-Token: [REDACTED]"),
    ("Authorization: Token abc123", "Authorization: Token [REDACTED]"),
    ("Authorization: Bearer abc.def-123", "Authorization: Bearer [TOKEN_REDACTED]"),
    ("sent Bearer abcdef123456 to it", "sent Bearer [TOKEN_REDACTED] to it"),
    ("Authorization: Basic dXNlcjpwYXNz", "Authorization: Basic [TOKEN_REDACTED]"),
    # tokens and keys that speak for themselves
    (f"token was {JWT}", "token was [TOKEN_REDACTED]"),
    (f"charge with {STRIPE} failed", "charge with [KEY_REDACTED] failed"),
    (f"remote: {GITHUB}", "remote: [KEY_REDACTED]"),
    (f"aws {AWS}", "aws [KEY_REDACTED]"),
    (PEM, "[KEY_REDACTED]"),
    ("postgres://app:p@ss@db:5432/x", "postgres://app:[REDACTED]@db:5432/x"),
    ("redis://:hunter2@cache/0", "redis://:[REDACTED]@cache/0"),
    # numbers
    ("card 4111 1111 1111 1111 declined", "card [CARD_REDACTED] declined"),
    ("4111-1111-1111-1111", "[CARD_REDACTED]"),
    ("378282246310005", "[CARD_REDACTED]"),
    ("DE89 3704 0044 0532 0130 00", "[IBAN_REDACTED]"),
    # addresses
    ("from 192.168.1.42 again", "from 192.168.1.0 again"),
    ("from [2001:db8::1:2:3:4]", "from [2001:db8::]"),
]

KEPT = [
    "",
    "password field is required",
    "password: This field is required.",
    "unexpected token < at position 5",
    "token_count=42",
    "author=Tolkien",
    "passwordless: true",
    "password=None",
    "WHERE password = %s",
    "def check(password: str) -> bool:",
    "f'{password}'",
    "@property",
    "git@github.com:org/repo.git",
    "img@2x.png",
    "goimg-api@1.0.0",
    "x[::-1]",
    "std::vector a::b",
    "at 12:30:45",
    "00:1B:44:11:3A:B7",
    "Django==6.1.3",
    "127.0.0.1",
    "::1",
    "4111111111111112",
    "1234567890123456",
    "0199a6d2-1111-7abc-8def-001122334455",
    "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "Bearer authentication is required",
    "image/svg+xml; charset=utf-8",
    "2026-11-24T05:55:58.123456Z",
    'SELECT "user"."id" FROM "user" WHERE "user"."email" = %s LIMIT 21',
]


@pytest.mark.parametrize(("text", "expected"), REPLACED)
def test_what_is_sensitive_is_replaced_and_its_context_stays(text: str, expected: str) -> None:
    assert scrub_string(text) == expected


@pytest.mark.parametrize("text", KEPT)
def test_what_is_harmless_stays_as_it_is(text: str) -> None:
    assert scrub_string(text) == text


@pytest.mark.parametrize("text", [text for text, _ in REPLACED])
def test_scrubbing_twice_changes_nothing_more(text: str) -> None:
    once = scrub_string(text)

    assert scrub_string(once) == once


@pytest.mark.parametrize(("digits", "valid"), [("4111111111111111", True), ("4111111111111112", False)])
def test_the_check_digit_of_a_card_number(digits: str, valid: bool) -> None:
    assert luhn_valid(digits) is valid


def test_what_was_seen_before_is_replaced_and_counted_again() -> None:
    text = "mail to jane.again@example.com and jane.other@example.com"
    first, second = Counter[str](), Counter[str]()

    assert scrub_counted(text, first) == scrub_counted(text, second)
    assert first == second == {"email": 2}


def test_no_text_that_held_a_secret_stays_in_memory() -> None:
    scrub_string("mail to jane.kept@example.com")

    assert "jane.kept" not in repr([scrubbing_text.seen_harmless, scrubbing_text._scrubbed])


def test_what_is_kept_is_bounded() -> None:
    for number in range(scrubbing_text._MOST_TEXTS + 10):
        scrub_string(f"line {number} of jane.{number}@example.com" if number % 2 else f"line number {number}")

    assert len(scrubbing_text.seen_harmless) + len(scrubbing_text._scrubbed) <= scrubbing_text._MOST_TEXTS
