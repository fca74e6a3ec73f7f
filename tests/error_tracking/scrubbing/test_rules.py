"""One rule at a time: what it takes, and what looks like it and stays."""

import pytest

from apps.error_tracking.scrubbing import scrub_string
from apps.error_tracking.scrubbing.explain import findings
from apps.error_tracking.scrubbing.rules.rule import in_ascii


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("password => hunter2", "password => [REDACTED]"),
        ('"password":\n    "hunter2",\n    "page": 3', '"password":\n    "[REDACTED]",\n    "page": 3'),
        ('s:8:"password";s:7:"hunter2";s:4:"page";i:3;', 's:8:"password";s:7:"[REDACTED]";s:4:"page";i:3;'),
        ("/x?api_key=KYZfgPQgEOF7#top", "/x?api_key=[REDACTED]#top"),
        ("?token=KYZfgPQgEOF7\\u0026size=4", "?token=[REDACTED]\\u0026size=4"),
        ("password:\n  - hunter2\nport: 1", "password:\n  - [REDACTED]\nport: 1"),
        ("openssl x -passin pass:hunter2 -nodes", "openssl x -passin pass:[REDACTED] -nodes"),
        ("birth_date=datetime.date(1985, 4, 12)", "birth_date=datetime.date([REDACTED])"),
        ("uid=jane.roe,ou=people,dc=example", "uid=[REDACTED],ou=people,dc=example"),
        (
            "https://www.openstreetmap.org/#map=17/52.520008/13.404954",
            "https://www.openstreetmap.org/#map=17/[GPS_REDACTED]",
        ),
        ("{'user': b'jane.roe\\x40example.com'}", "{'user': b'[EMAIL_REDACTED]'}"),
        (
            "[('page', 1), ('password', \"it's-me-9\"), ('z', 2)]",
            "[('page', 1), ('password', \"[REDACTED]\"), ('z', 2)]",
        ),
        ("('password', 'x\"y\\'z9')", "('password', '[REDACTED]')"),
        ("password=it's-me-9 again", "password=[REDACTED] again"),
        ("password=bytearray(b'hunter2')", "password=bytearray([REDACTED])"),
        ("otp_token=482913 wrong", "otp_token=[REDACTED] wrong"),
        ("GET /x?access_token=829103&page=2", "GET /x?access_token=[REDACTED]&page=2"),
        ("ACL SETUSER app on >hunter2 ~* +@all", "ACL SETUSER app on >[REDACTED] ~* +@all"),
        ("recovery codes: abcd-1234, efgh-5678 saved", "recovery codes: [REDACTED] saved"),
        ("0043 1 5880 10 12 is busy", "[PHONE_REDACTED] is busy"),
        ("+1 (415) 555\u20112671 is busy", "[PHONE_REDACTED] is busy"),
        ('"jane@home"@example.com bounced', "[EMAIL_REDACTED] bounced"),
        ("ec2-203-0-113-195.compute-1.example is down", "ec2-203-0-113-0.compute-1.example is down"),
        ("v2.local." + 8 * "Qx4Ip9" + " is not for us", "[KEY_REDACTED] is not for us"),
    ],
)
def test_only_the_secret_goes(text: str, expected: str) -> None:
    assert scrub_string(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "SENTRY_DSN=https://[REDACTED]@host.example/3",
        "Last login: Mon Nov 24 07:00:00 2025",
        "if name in username:\n\nIt ended.",
        "password == confirm",
        "password min_length=8",
        "token ttl=3600 type=bearer",
        "password: don't reuse it",
        "access_tokens=829103",
        "jwt: HS256, password: argon2, sig=SIGKILL",
        "Session: started",
        "0010 4500 0031 1246 is a dump, 001-002-003-004 an ID",
        "client-1-2-3-4.log, c-1-2-3-4.tar.gz",
        "report-1-2-3-4.pdf of pages 2020\u20132024",
        "No key: -----BEGIN PRIVATE KEY----- expected\n\nIt ended.",
    ],
)
def test_what_only_looks_like_a_secret_stays(text: str) -> None:
    assert scrub_string(text) == text


def test_an_escaped_secret_is_explained() -> None:
    kinds = {finding.kind for finding in findings("/x/SSN%20536-07-1238%20on%20file")}

    assert kinds == {"national_id"}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (r"pass|пароль|secret", r"pass|secret"),
        (r"(?:pass|κωδικός πρόσβασης)x", r"(?:pass)x"),
        (r"pass|密[码碼]", r"pass"),
        (r"contrase[nñ]a|hasło", r"contrase[n]a"),
    ],
)
def test_an_expression_for_ascii_has_nothing_left_of_what_such_texts_cannot_hold(
    expression: str, expected: str
) -> None:
    assert in_ascii(expression) == expected
