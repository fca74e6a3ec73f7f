"""Where somebody was: coordinates in every notation."""

from .. import policy
from .people import QUOTE
from .rule import DIGITS, Anchored, Rule, always, keeping, matches

_LAT_LON = r"[-+]?\d{1,3}\.\d{3,15}"

RULES = (
    Rule(
        "gps",
        "Where a photo was taken is where somebody was, or lives.",
        r"lat|lon|lng|gps|coord|geo|location|position|point|\bll=",
        matches(
            rf"(?i)(?P<label>\b(?:gps[\w ]{{0,20}}|lat(?:itude)?|lon(?:g(?:itude)?)?|lng|coord(?:inate)?s?|geo(?:[_ ]?location|[_ ]?point|:)?|location|position|point|latlng|ll)"
            rf"{QUOTE}\]?\s{{0,2}}[=:(]?\s{{0,2}}[(\[{{]?\s?{QUOTE})(?P<first>{_LAT_LON})(?P<second>(?: ?[NS])?\s?(?:[,;/ ]|%2[cC])\s?{_LAT_LON}(?: ?[EW]\b)?)?(?![\w.])",
            keeping(rf"\g<label>{policy.GPS}"),
        ),
        needs=DIGITS,
        least=8,
        digits=4,
        sketch=(
            Anchored(r"\d\.\d{3}", before=r"(?:lat|lon|lng|coord|geo|location|position|point|ll)[^\d\x00]*\d{0,2}"),
            Anchored(r"gps", r"[^\x00]*\d\.\d{3}"),
        ),
    ),
    Rule(
        "gps",
        "Maps are linked by position.",
        r"[?&@](?:\w{1,8}=)?-?\d{1,3}\.\d{4}|map=\d{1,2}/-?\d|\d{1,3}\.\d{4,15}[°º]? ?[ns],? ",
        matches(
            rf"(?P<label>[?&#]map=\d{{1,2}}/){_LAT_LON}/{_LAT_LON}|(?P<linked>[?&](?:q|ll|loc|center|daddr|saddr|cbll|query|destination|origin)=|/@){_LAT_LON}(?:,|%2[cC]){_LAT_LON}|(?P<plain>)\b\d{{1,2}}\.\d{{4,15}}[°º]? ?[NS],? ?\d{{1,3}}\.\d{{4,15}}[°º]? ?[EW]\b",
            lambda match: (match["label"] or match["linked"] or "") + policy.GPS,
        ),
        needs=DIGITS,
        least=10,
        digits=5,
        sketch=(
            r"map=\d",
            Anchored(r"[?&](?:q|ll|loc|center|daddr|saddr|cbll|query|destination|origin)=[-+]?\d", r"\d{0,2}\.\d{3}"),
            Anchored(r"/@[-+]?\d", r"\d{0,2}\.\d{3}"),
            Anchored(r"\d ?[ns],? ?\d", before=r"\d\.\d{3,14}"),
        ),
    ),
    Rule(
        "gps",
        "A geohash is a position, as exact as it is long.",
        r"geo_?hash",
        matches(
            rf"(?i)(?P<label>\bgeo_?hash{QUOTE}\s?[=:]\s?{QUOTE})(?=[a-z]{{0,11}}\d)[0-9b-hjkmnp-z]{{5,12}}(?!\w)",
            keeping(rf"\g<label>{policy.GPS}"),
        ),
        needs="=:",
        least=12,
    ),
    Rule(
        "gps",
        "Plus codes are positions: eight characters of an alphabet of their own, a plus, two or three more.",
        r"[2-9cfghjmpqrvwx]{8}\+[2-9cfghjmpqrvwx]{2}",
        matches(
            r"(?<![\w+/=-])(?=[2-9]{0,7}[CFGHJMPQRVWX])(?=[CFGHJMPQRVWX]{0,7}[2-9])[2-9CFGHJMPQRVWX]{8}\+[2-9CFGHJMPQRVWX]{2,3}(?![\w+/=-])",
            always(policy.GPS),
        ),
        needs="+",
        least=11,
        sketch=(Anchored(r"\+[2-9cfghjmpqrvwx]{2}", before=r"[^\w+/=-][2-9cfghjmpqrvwx]{8}"),),
    ),
    Rule(
        "gps",
        "The same in degrees, minutes and seconds.",
        r"[°º]|\\u00b0|\\xb0|\d deg ",
        matches(
            r"(?:(?P<in_front>(?<![A-Za-z])[NSEW])\s?)?\d{1,3}\s?(?:°|º|deg|\\u00b0|\\xb0)\s?\d{1,2}(?:\.\d{1,6})?\s?(?:'|′|’|\\')\s?(?:\d{1,2}(?:[.,]\d{1,8})?\s?(?:\"|″|′′|''|”|\\\")?)?\s?(?:[NSEWO]\b|(?<=[\"″”′])(?=[\s,;)]|$)|(?(in_front)(?<=['′’])|(?!)))",
            always(policy.GPS),
        ),
        needs=DIGITS,
        least=6,
        digits=2,
        sketch=(r"\d\s?(?:deg|\\u00b0|\\xb0)\s?\d",),
    ),
    Rule(
        "gps",
        "EXIF keeps them as tuples of numbers.",
        r"gps|34853",
        matches(
            rf"(?i)(?P<label>(?:gps(?:dest)?(?:latitude|longitude|position|info|altitude)|\b34853){QUOTE}\]?\s{{0,2}}[=:]\s{{0,2}})(?P<value>\{{[^{{}}\n]{{1,400}}\}}|[(\[](?!0x)(?:[^()\[\]\n]|[(\[][^()\[\]\n]{{0,80}}[)\]]){{1,400}}[)\]]|[(\[{{][^\n]{{1,400}}?[)\]}}]{{1,3}}(?=[,;}}\s]|$)|{QUOTE}[\d./, -]{{3,80}}{QUOTE})",
            lambda match: match[0] if "REDACTED" in match["value"] else match["label"] + policy.GPS,
        ),
        needs=DIGITS,
        least=8,
        digits=2,
        sketch=(r"gps(?:dest)?(?:latitude|longitude|position|info|altitude)", r"34853"),
    ),
)
