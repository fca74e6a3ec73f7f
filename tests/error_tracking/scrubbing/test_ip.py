"""mask_ip: the network stays, the host goes."""

import pytest

from apps.error_tracking.scrubbing import mask_ip


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("192.168.1.42", "192.168.1.0"),
        (" 10.0.0.1 ", "10.0.0.0"),
        ("2001:db8::1:2:3:4", "2001:db8::"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
        ("::ffff:192.0.2.7", "::ffff:192.0.2.0"),
        ("not an address", "[INVALID_IP]"),
        ("", "[INVALID_IP]"),
        ("256.1.1.1", "[INVALID_IP]"),
        ("1.2.3.4, 5.6.7.8", "[INVALID_IP]"),
    ],
)
def test_an_address_loses_its_host_part(address: str, masked: str) -> None:
    assert mask_ip(address) == masked
