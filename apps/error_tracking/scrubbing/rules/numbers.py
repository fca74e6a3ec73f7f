"""Numbers that stand for a person or an account: cards, bank accounts, national identity numbers.

Where a number has a check digit it is checked, by python-stdnum (https://arthurdejong.org/python-stdnum/).
"""

import re
from importlib import import_module
from string import ascii_uppercase

from .. import policy
from ..lazy import lazy
from .rule import DIGITS, Anchored, Rule, in_ascii, matches


def luhn_valid(digits: str) -> bool:
    """Check the last digit of a card number (ISO/IEC 7812-1, annex B)."""
    total = 0
    for index, digit in enumerate(reversed(digits)):
        number = int(digit) * (1 + index % 2)
        total += number - 9 if number > 9 else number
    return total % 10 == 0


# The first digits of the card schemes: https://en.wikipedia.org/wiki/Payment_card_number#Issuer_identification_number_(IIN)
_CARD_SCHEME = lazy(
    r"4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2(?:2[2-9]|[3-6]\d|7[01])\d{13}|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11,16}"
    r"|6(?:304|759|011|5\d\d|4[4-9]\d|2\d\d|0\d\d|7\d\d)\d{9,15}|35(?:2[89]|[3-8]\d)\d{12,15}|5[06789]\d{14,17}"
)


def _card(match: re.Match[str]) -> str:
    digits = re.sub(r"%20|\D", "", match[0])
    known = _CARD_SCHEME.fullmatch(digits) and luhn_valid(digits) and len(set(digits)) > 1
    return policy.CARD if known else match[0]


def _iban(match: re.Match[str]) -> str:
    # In groups of four, a word behind the number looks like one more group.
    groups = re.split(r"([ +-])", match[0])
    for end in range(len(groups), 0, -2):
        if _iban_valid("".join(groups[:end:2]).upper()):
            return policy.IBAN + "".join(groups[end:])
    return match[0]


_LETTERS = {ord(letter): str(number) for number, letter in enumerate(ascii_uppercase, 10)}


def _iban_valid(text: str) -> bool:
    # Most are IDs, of which the checksum (ISO 7064) alone sorts out all but every 97th; of those the length and the form
    # that its country gives it.
    if int((text[4:] + text[:4]).translate(_LETTERS)) % 97 != 1:
        return False
    return bool(import_module("stdnum.iban").is_valid(text, check_country=False))


# By how many letters and digits a number has: which of stdnum's modules may know it.
_BY_LENGTH = {
    9: ("us.ssn", "es.dni", "es.nie"),
    10: ("se.personnummer", "fi.hetu"),
    11: ("be.nn", "br.cpf", "fi.hetu"),
    12: ("se.personnummer",),
    13: ("ch.ssn",),
    15: ("fr.nir",),
    16: ("it.codicefiscale",),
}


def _checked(match: re.Match[str]) -> str:
    """Ask python-stdnum, whose modules are imported when the first number turns up."""
    modules = _BY_LENGTH.get(sum(map(str.isalnum, match[0])), ())
    valid = any(import_module(f"stdnum.{module}").is_valid(match[0]) for module in modules)
    return policy.ID if valid else match[0]


_ID_LABELS = (
    r"ssn|social[ _-]?security(?:[ _-]?(?:number|no))?|nino|national[ _-]?(?:insurance|id(?:entity|entification)?)(?:[ _-]?(?:number|no|card))?|ni[ _-]number"
    r"|steuer(?:liche)?[ _-]?id(?:entifikationsnummer|nr)?|steuernummer|tax[ _-]?(?:payer[ _-]?)?(?:id|number|no|file[ _-]?number)|tin|tfn|nir|insee|num[eé]ro de s[eé]curit[eé] sociale"
    r"|dni|nie|nif|codice[ _-]?fiscale|bsn|burgerservicenummer|pesel|personnummer|personal[ _-]?(?:identity|id|code)(?:[ _-]?(?:number|no))?|cpf|cnpj|aadhaar|aadhar|pan[ _-](?:card|number|no)|sin|social insurance(?: number)?"
    r"|ahv(?:-?n(?:umme)?r)?|avs|national number|id number|(?:license|licence|vehicle|number) plate|vin|mrz|medical record(?: number)?|mrn|cpr|f[øo]dselsnummer|rijksregister(?:nummer)?|kimlik|personalausweis|itin|ein|identity[ _-]?(?:number|no|card)|bank[ _-]?account|身份证|passport(?:[ _-]?(?:number|no|nr))?|reisepass(?:nummer)?|passnummer|driver'?s?[ _-]?licen[cs]e(?:[ _-]?(?:number|no))?|driving[ _-]?licen[cs]e|licen[cs]e[ _-]?(?:plate|number)|id[ _-]?card(?:[ _-]?(?:number|no))?"
    r"|ausweis(?:nummer)?|medicare(?:[ _-]?(?:number|no))?|nhs[ _-]?(?:number|no)|health[ _-]?(?:card|insurance)(?:[ _-]?(?:number|no|id))?|account[ _-]?(?:number|no|nr)|kontonummer|sort[ _-]?code|routing[ _-]?(?:number|no)|bic|swift(?:[ _-]?code)?"
    r"|idnr\.?|insurance[ _-]?(?:number|no|id)|(?:sozial|kranken)?versicher(?:ungs|ten)(?:nummer|nr)|curp|rut|cuit|cui|cnp|egn|oib|emso|jmbg|hkid|nric|fin|nid|my ?number|citizen(?:ship)?[ _-]?(?:id|number|no)|vat[ _-]?(?:id|number|no)"
)

ACCOUNTS = (
    Rule(
        "iban",
        "A bank account. The checksum keeps order numbers and hashes.",
        r"[a-z]{2}\d{2}[ +-]?[0-9a-z]{4}",
        matches(
            r"(?:(?<![A-Za-z0-9])|(?<=IBAN))[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]{11,30}|(?:[ +-][A-Za-z0-9]{4}){2,8}(?:[ +-][A-Za-z0-9]{1,3})?)"
            r"(?![A-Za-z0-9])",
            _iban,
        ),
        needs=DIGITS,
        least=15,
        digits=4,
        sketch=(
            Anchored(r"(?:[^a-z0-9]|iban)[a-z]{2}\d{2}", r"(?:[ -]?[a-z0-9]{11}|[ +-][a-z0-9]{4}[ +-][a-z0-9]{4})"),
        ),
    ),
    Rule(
        "card",
        "A payment card. Scheme and check digit keep nearly all other numbers of that length.",
        r"\d{4}(?:[ .+_\u00a0\u2009\u202f\u2013-]|%20|  )?\d{4}",
        matches(
            r"(?<![A-Za-z0-9.])(?<!\d-)(?:\d{13,19}|\d{4}(?P<by>[ .+_\u00a0\u2009\u202f\u2013-]|%20|  )\d{4}(?P=by)\d{4}(?P=by)\d{4}(?:(?P=by)\d{1,3})?"
            r"|\d{4}(?P<as>[ .+\u00a0\u2009\u202f\u2013-]|%20)\d{6}(?P=as)\d{4,5})(?![\w-]|\.\d{3})",
            _card,
        ),
        needs=DIGITS,
        least=13,
        digits=13,
        sketch=(
            Anchored(r"[^a-z0-9.]\d{5}", r"\d{8,14}[^\w-]"),
            Anchored(r"[^a-z0-9.]\d{4}(?:[ .+_-]|%20|  )\d{4}", r"(?:\d\d)?(?:[ .+_-]|%20|  )\d{4}"),
        ),
    ),
)

RULES = (
    Rule(
        "national_id",
        "A number that is said to be somebody's.",
        r"ssn|social|nino|national|steuer|tax|tin|tfn|nir\b|insee|dni|nie\b|nif|fiscale|bsn|burger|pesel|person|cpf|cnpj|aadha|pan|sin\b|ahv|avs"
        r"|plate|vin\b|mrz|medical|mrn|id number|cpr|dselsnum|rijks|kimlik|itin|ein\b|identity|身份|passport|reisepass|passnummer|licen|card|ausweis|medicare|nhs|health|account|konto|sort|routing|bic|swift|curp|rut|cuit|cnp|egn|oib|hkid|nric|citizen|vat|ni.number|idnr|insurance|versicher",
        matches(
            rf"(?i)(?P<label>(?<![a-z])(?:{_ID_LABELS})(?:[ _-]?(?:number|no|nr|id)\.?)?(?![a-z])(?:\s{{0,2}}\((?:\w{{2,20}})\))?\\{{0,3}}[\"']?\]?\s{{0,3}}(?:[=:\#]|=>|%3[aAdD]|is|was|nr\.?|no\.?|number)?\s{{0,3}}[=:]?\s{{0,2}}[(\[]?\\{{0,3}}[\"']?)"
            r"(?P<number>(?-i:[A-Z0-9<]{30,48})(?![A-Za-z0-9<])|(?:(?-i:[A-Z]{1,3}(?:-[A-Z]{1,2})?) )?(?=[A-Za-z./-]{0,8}\d)[A-Za-z0-9./-]{1,25}(?: (?=[A-Za-z]{0,2}\d)[A-Za-z0-9./-]{1,12}){0,5}(?: (?-i:[A-Z])(?![A-Za-z]))?)(?<=[A-Za-z0-9])(?![A-Za-z0-9])",
            lambda match: match["label"] + policy.ID if sum(c.isdigit() for c in match["number"]) >= 4 else match[0],
        ),
        needs=DIGITS,
        least=6,
        digits=4,
        sketch=(rf"[^a-z](?:{in_ascii(_ID_LABELS)})(?:[ _-]?(?:number|no|nr|id))?[^a-z\x00]",),
    ),
    Rule(
        "iban",
        "The bank's code, where it is said to be one.",
        r"bic|swift",
        matches(
            r"(?P<label>\b(?:BIC|bic|SWIFT(?: code)?|swift(?:_code)?)[\"']?\s?[:=]?\s?[\"']?)[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?\b",
            lambda match: match["label"] + policy.ID,
        ),
        needs="BSbs",
        least=12,
        sketch=(Anchored(r"(?:bic|swift)", r"(?:[ _]code)?[\"']?\s?[:=]?\s?[\"']?[a-z]{6}[a-z0-9]{2}"),),
    ),
    Rule(
        "national_id",
        "India's tax number is written like nothing else.",
        r"\bpan\b.{0,12}[a-z]{5}\d{4}[a-z]",
        matches(r"(?P<label>\bPAN\b[^A-Z\n]{1,12})[A-Z]{5}\d{4}[A-Z]\b", lambda match: match["label"] + policy.ID),
        needs="Pp",
        least=14,
        sketch=(r"pan[^\n\x00]{1,12}[a-z]{5}\d{4}[a-z]",),
    ),
    Rule(
        "national_id",
        "US social security numbers are written like nothing else.",
        r"\d{3}-\d{2}-\d{4}",
        matches(r"(?<![\w.-])\d{3}-\d{2}-\d{4}(?![\w-])", _checked),
        needs=DIGITS,
        least=11,
        digits=9,
        sketch=(Anchored(r"[^\w.-]\d{3}-", r"\d{2}-\d{4}"),),
    ),
    Rule(
        "national_id",
        "Numbers of a form and a checksum of their own.",
        r"[a-z]{2} ?\d{2} ?\d{2} ?\d{2} ?[a-d]\b|[12] ?\d{2} ?\d{2} ?[\dab]{2} ?\d{3} ?\d{3}|\d{3}\.\d{3}\.\d{3}-\d{2}|756\.|[a-z]{6}\d{2}[a-z]\d{2}[a-z]"
        r"|\d{8}-?[a-z]\b|[xyz]-?\d{7}-?[a-z]\b|\d{6}[-+]\d{4}|[a-z]{5}\d{4}[a-z]\b",
        matches(
            r"(?<![\w.-])(?:"
            r"(?!GB|BG|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]"  # UK: no checksum, but a form of its own
            r")(?![\w-])",
            lambda match: policy.ID,
        ),
        needs=DIGITS,
        least=9,
        digits=6,
        sketch=(Anchored(r"[^\w.-][a-z]{2} ?\d\d", r" ?\d\d ?\d\d ?[a-d][^\w-]"),),
    ),
    Rule(
        "national_id",
        "The same, where a checksum tells them from other numbers.",
        r"\d{3}\.\d{3}\.\d{3}-|756\.\d|[a-z]{6}\d\d[a-z]\d\d|\d\d\.\d\d-\d{3}\.|\d{6}[-+a]\d{3}|\d{8}-?[a-z]\b|[xyz]-?\d{7}"
        r"|[12] ?\d\d ?\d\d ?[\dab]{2} ?\d{3} ?\d{3}",
        matches(
            r"(?<![\w.-])(?:"
            r"[12] ?\d{2} ?\d{2} ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3} ?\d{2}"  # France
            r"|\d{3}\.\d{3}\.\d{3}-\d{2}"  # Brazil
            r"|756\.\d{4}\.\d{4}\.\d{2}"  # Switzerland
            r"|[A-Z]{6}\d{2}[A-EHLMPR-T]\d{2}[A-Z]\d{3}[A-Z]"  # Italy
            r"|\d{8}-?[A-HJ-NP-TV-Z]|[XYZ]-?\d{7}-?[A-HJ-NP-TV-Z]"  # Spain
            r"|(?:\d{2})?\d{6}[-+]\d{4}"  # Sweden
            r"|\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}"  # Belgium
            r"|\d{6}[-+A]\d{3}[0-9A-FHJ-NPR-Y]"  # Finland
            r")(?![\w-])",
            _checked,
        ),
        needs=DIGITS,
        least=9,
        digits=7,
        sketch=(
            Anchored(
                r"[^\w.-](?:[12] ?\d\d ?\d\d|\d{3}\.\d{3}|[xyz]-?\d{4}|\d{5}|\d\d\.\d\d\.)",
                r"\d{0,4}(?: ?(?:\d\d|2[ab]) ?\d{3} ?\d{3} ?\d{2}|\.\d{3}-\d\d|\.\d{4}\.\d\d|-?[a-z]|[-+]\d{4}|\d\d-\d{3}\.\d\d|[-+a]\d{3}[0-9a-z])[^\w-]",
            ),
            Anchored(r"[a-z]\d\d[a-z]\d\d", r"[a-z]\d{3}[a-z][^\w-]", r"[^\w.-][a-z]{5}"),
        ),
    ),
)
