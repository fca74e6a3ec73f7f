"""What tells one device from all others, and what a camera writes of its owner."""

from .. import policy
from .people import QUOTE, VALUE, redact_value
from .rule import DIGITS, Anchored, Rule, keeping, matches

RULES = (
    Rule(
        "device",
        "EXIF by number: 315 is the artist, 42032 the owner, 42033 and 42037 the serial numbers.",
        r"\b(?:315|33432|4003\d|4203\d): ?['\"]",
        matches(
            r"(?P<label>\b(?:315|33432|40093|42032|42033|42037): ?)(?P<quote>['\"])[^'\"\n]{1,200}(?P=quote)",
            keeping(rf"\g<label>\g<quote>{policy.REDACTED}\g<quote>"),
        ),
        needs="'\"",
        least=10,
        sketch=(r"(?:315|33432|40093|42032|42033|42037): ?['\"]",),
    ),
    Rule(
        "device",
        "IMEI 49…, IDFA 7F3C…: a device's number.",
        r"imei|imsi|idfa|idfv|gaid|udid",
        matches(
            r"(?i)(?P<label>\b(?:imei|imsi|idfa|idfv|gaid|udid)[:=# ]{1,3})[0-9a-f-]{10,40}\b",
            keeping(rf"\g<label>{policy.DEVICE}"),
        ),
        needs=DIGITS,
        least=12,
        digits=2,
        sketch=(Anchored(r"(?:imei|imsi|idfa|idfv|gaid|udid)", r"[:=# ]{1,3}[0-9a-f-]{10}"),),
    ),
    Rule(
        "device",
        "Camera makers write the owner and the serial number into each photo, people what it shows.",
        r"serial|owner|xp[act]|imagedesc|usercomment|hostcomputer|artist|imei|imsi|idfa|udid|device.?id|copyright|photographer|uniqueid|android|advertising",
        matches(
            rf"(?i)(?P<label>\b(?:(?:body|lens|camera|internal|device)[_ ]?serial[_ ]?(?:number|no)?|serial[_ ]?number|(?:camera)?[_ ]?owner[_ ]?name|xpauthor|xpcomment|xptitle|imagedescription|usercomment|hostcomputer|artist|imageuniqueid|android_?id|copyright(?=['\"])|imei|imsi|idfa|udid|advertising_?id|device_?id){QUOTE}\]?\s{{0,2}}[=:]\s{{0,2}}(?!b?(?:''|\"\"))(?:b(?=['\"]))?)(?-i:{VALUE})",
            redact_value,
        ),
        needs="=:",
        least=10,
        sketch=(
            Anchored(
                r"(?:serial|owner[_ ]?name|xpauthor|xpcomment|xptitle|imagedescription|usercomment|hostcomputer|artist|uniqueid|android_?id|copyright|imei|imsi|idfa|udid|advertising_?id|device_?id)",
                r"(?:[_ ]?(?:number|no))?[\\\"'`\]\s_]{0,8}[=:]",
            ),
        ),
    ),
)
