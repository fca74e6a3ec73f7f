"""How many scans a JPEG has: each costs a pass over all its pixels, and 10 MB can hold 70,000 of them."""

import re

# What libjpeg acts upon: neither stuffed bytes (FF 00) nor restart markers, which have no length.
# https://www.w3.org/Graphics/JPEG/itu-t81.pdf, table B.1.
_MARKER = re.compile(rb"\xff[\xc0-\xcf\xd9-\xfe]")
_START_OF_SCAN, _END_OF_IMAGE = b"\xff\xda", b"\xff\xd9"


def has_more_scans(data: bytes, limit: int) -> bool:
    """Return whether the JPEG has more than `limit` scans, without decoding it.

    Segments are skipped by their length, so an embedded thumbnail or data after the end does not count.
    """
    place, scans = 2, 0
    while scans <= limit:
        marker = _MARKER.search(data, place)
        if marker is None or marker[0] == _END_OF_IMAGE:
            return False
        scans += marker[0] == _START_OF_SCAN
        place = marker.end() + int.from_bytes(data[marker.end() : marker.end() + 2])
    return True
