"""What a webhook's answer may say of the webhook."""

import pytest

from apps.triage.notify.posting import _without

URL = "https://hooks.example.com/services/T0/B0/" + "k" * 24


@pytest.mark.parametrize("said", [URL, "Cannot POST /services/T0/B0/" + "k" * 24, "no such hook: " + "k" * 24])
def test_no_part_of_the_secret_is_repeated(said: str) -> None:
    assert "kkkk" not in _without(said, URL)


def test_a_key_that_is_no_address_is_not_repeated_either() -> None:
    assert _without("bad key R0UT1NG", "R0UT1NG") == "bad key [secret]"
