"""IP addresses: the network stays, the host goes."""

import ipaddress

from .policy import INVALID_IP


def mask_ip(ip: str) -> str:
    """Return the address with its last octet (IPv4) or its last 64 bits (IPv6) zero, or [INVALID_IP].

    An IPv4 address inside IPv6 (::ffff:192.0.2.7) is masked as the IPv4 address that it is.
    """
    try:
        address = ipaddress.ip_address(str(ip).strip().partition("%")[0])
    except ValueError:
        return INVALID_IP
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return f"::ffff:{_mask4(address.ipv4_mapped)}"
        return str(ipaddress.IPv6Address(int(address) >> 64 << 64))
    return _mask4(address)


def _mask4(address: ipaddress.IPv4Address) -> str:
    return str(ipaddress.IPv4Address(int(address) & 0xFFFFFF00))


def mask_ip_in_text(text: str) -> str:
    """Return mask_ip of a piece of text that looks like an address; the text itself if it is none, or nobody's.

    Loopback and addresses without a network part (::1, ::) belong to no person.
    """
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text
    is_mapped = isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None
    if (
        address.is_loopback
        or address.is_unspecified
        or (address.version == 6 and not is_mapped and not int(address) >> 64)
    ):
        return text
    return mask_ip(text)
