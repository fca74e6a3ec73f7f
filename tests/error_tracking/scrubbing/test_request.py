"""scrub_request: line 2 for the request section of an event."""

from apps.error_tracking.scrubbing import scrub_request


def test_sensitive_headers_parameters_fields_and_all_cookies_are_redacted() -> None:
    request = {
        "url": "https://api.example.com/users/jane@example.com",
        "method": "POST",
        "query_string": "token=abc&page=2",
        "headers": {"Authorization": "Bearer abc", "X-Api-Key": "abc", "Cookie": "a=b", "User-Agent": "curl/8"},
        "cookies": {"sessionid": "abc", "theme": "dark"},
        "data": {"email": "jane@example.com", "password": "abc", "title": "Sunset"},
    }

    assert scrub_request(request) == {
        "url": "https://api.example.com/users/[EMAIL_REDACTED]",
        "method": "POST",
        "query_string": "token=[REDACTED]&page=2",
        "headers": {
            "Authorization": "[REDACTED]",
            "X-Api-Key": "[REDACTED]",
            "Cookie": "[REDACTED]",
            "User-Agent": "curl/8",
        },
        "cookies": {"sessionid": "[REDACTED]", "theme": "[REDACTED]"},
        "data": {"email": "[EMAIL_REDACTED]", "password": "[REDACTED]", "title": "Sunset"},
    }


def test_a_query_string_without_secrets_stays_byte_for_byte() -> None:
    assert scrub_request({"query_string": "page=2&sort=a%20b&empty="})["query_string"] == "page=2&sort=a%20b&empty="


def test_cookies_as_one_text_are_redacted() -> None:
    assert scrub_request({"cookies": "a=b; c=d"})["cookies"] == "[REDACTED]"
