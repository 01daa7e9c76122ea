"""Numbers, dates of birth, addresses and private contacts. Pure: no Django.

Every pattern has bounded parts, so the time grows with the length of the text alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .passages import Found, Kind

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"[0-3]?[0-9](?:st|nd|rd|th)?"
_YEAR = r"(?:(?:19|20)[0-9]{2}|[0-9]{2})(?![0-9])"
_DATE = (
    rf"(?:\b{_DAY} ?(?:of )?{_MONTH}(?:,? {_YEAR})?|\b{_MONTH} {_DAY},? {_YEAR}"
    rf"|\b[0-3]?[0-9] ?[./-] ?[01]?[0-9] ?[./-] ?{_YEAR}|\b(?:19|20)[0-9]{{2}}-[01][0-9]-[0-3][0-9](?![0-9]))"
)
_BORN = r"(?:\bd\.? ?o\.? ?b\b\.?|\bdates? of birth|\bbirth ?date|\bborn|\bbirthday|(?<![\w.])(?-i:b)\.)"
_BIRTH = re.compile(
    rf"{_BORN}[:,]?(?: (?:is|was|of|on|the|were|as|given|recorded))" + r"{0,4}[ :,(=–-]{0,3}" + _DATE
    # Of many: "born on 1 September 2001 or later".
    + r"(?!,? ?(?:19|20)[0-9]{2}| (?:to|until|or|and) (?:[0-9]|later|after|earlier|before|since))",
    re.IGNORECASE,
)  # fmt: skip
_DAYS = re.compile(_DATE, re.IGNORECASE)
_BIRTH_AFTER = re.compile(rf"{_DATE} ?\(?(?:d\.? ?o\.? ?b\b|date of birth)", re.IGNORECASE)

_TEN = r"[0-9]{3}(?: - |[ -])?[0-9]{3}(?: - |[ -])?[0-9]{4}(?![0-9])"
_NHS_BARE = re.compile(rf"(?<![\w£$€.,/+-])(?<![0-9] ){_TEN}(?![\w%]|[.,/-][0-9])")
_NHS_SAID = re.compile(rf"\bNHS(?: (?:no|numbers?|num|id))?\b\.?(?: (?:is|was))?[ :#(=–-]{{0,3}}{_TEN}", re.IGNORECASE)

# Without I, O and S, which a pupil number does not use.
_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_UPN = r"[A-Z][0-9]{11}[0-9A-Z](?![0-9A-Z])"
_UPN_BARE = re.compile(rf"(?<![0-9A-Z]){_UPN}", re.IGNORECASE)
_UPN_SAID = re.compile(
    rf"\b(?:UPN|unique pupil number)\b(?: (?:no|number))?\.?(?: (?:is|was))?[ :#(=–-]{{0,3}}{_UPN}", re.IGNORECASE
)

_SYSTEM = r"(?:mosaic|liquid ?logic|lcs|ics|care ?first|framework-?i|care director|ehm|eclipse|azeus)"
_NUMBER = r"(?:id|no|number|num|ref|reference|record)\b\.?"
_AS = r"(?: (?:is|was))?[ :#(=-]{0,3}"
_CASES = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # A case by its number. Four digits that may be a year are none; "in 1,204 cases" has the number first.
        rf"\bcase(?: file)? {_NUMBER}(?: {_NUMBER})?{_AS}[a-z]{{0,3}}[0-9]{{4,12}}(?![0-9/%])",
        r"\bcase[ #:(]{1,2}(?!(?:19|20)[0-9]{2}\b)[a-z]{0,3}[0-9]{4,12}(?![0-9%]|[.,/][0-9])",
        rf"\b{_SYSTEM} ?(?:{_NUMBER})?{_AS}[a-z]{{0,3}}[0-9]{{4,12}}(?![0-9%]|[.,/][0-9])",
        rf"\b(?:child|person|client|service user|social care|family|file|pid|individual)(?:['’]s)? {_NUMBER}"
        rf"{_AS}[a-z]{{0,3}}[0-9]{{4,12}}(?![0-9%]|[.,/][0-9])",
        r"(?-i:\bID)(?: (?:no|number))?\.?[ :#=]{1,2}[a-z]{0,3}[0-9]{5,12}(?![0-9%]|[.,/][0-9])",
        # A reference with the letters of a kind of case before year and number.
        r"(?-i:\b(?:CP|CIN|LAC|CLA|CIC|MASH|EH|EHA|CSC|SW|UASC|CSE|PLO|AD|CL))[/-][0-9]{2,4}[/-][0-9]{3,8}\b",
        # A family court's number: court, year, kind of case and number.
        r"(?-i:\b[A-Z]{2}[0-9]{2}[CFPZ][0-9]{5}\b)",
    )
]

_ROAD = (
    r"(?:street|str|st|road|rd|avenue|ave|av|lane|ln|close|drive|dr|crescent|cres|court|ct|place|pl|terrace|ter|grove|gr"
    r"|gardens|gdns|way|walk|mews|square|sq|hill|row|parade|rise|view|green|croft|garth|mount|park|yard|gate|fold"
    r"|villas|cottages|drove|vale|meadows|mill|broadway|boulevard|end|wharf|quay|bank|common)\b"
)
# "12 Family Court hearings", "14 Care Place bookings": what is counted, not where somebody lives.
_WORD = (
    r"(?!(?-i:Family|County|High Court|Crown|Magistrates|Foster|Children|Youth|Care|Nursery|Key|Stage|Early|Social"
    r"|Looked|In|Of|The|Safeguarding|Hour|Day|Week|Month|Year|Stop|Point|Steps?|Signs|Teams?|More|Actions?)\b)"
)
_PROPER = r"(?-i:[A-Z][a-z]{0,20}(?:['’]?[A-Za-z]{1,20})?\.?)"
_TYPE = r"(?=(?-i:[A-Z]))" + _ROAD
_HOUSE = r"(?<![\w£.,/%-])(?!(?:19|20)[0-9]{2}\b)[0-9]{1,4}(?: ?[a-d]\b)?(?: ?[-–/] ?[0-9]{1,4}[a-d]?)?"
_STREET = rf"{_HOUSE},? (?:{_WORD}{_PROPER} ){{1,3}}{_TYPE}"
_THE = rf"{_HOUSE},? The (?:{_ROAD}|(?-i:[A-Z][a-z]{{2,20}}s?)(?= |[.,;)]|$))"
_FLAT = (
    rf"(?-i:\b(?:[Ff]lat|Apartment|apartment|Apt\.?|Bedsit)) [0-9]{{1,3}}[a-d]?\b,? ?(?:{_STREET}"
    r"|(?:(?-i:[A-Z][a-z]{1,20}) ){1,3}"
    r"(?-i:House|Court|Heights|Lodge|Towers?|Mansions|Point|Place|Hall|Buildings))"
)
# The shape of a postcode: www.gov.uk, bulk data transfer, appendix C. The last two letters are none of C I K M O V.
_CAPITAL = r"\b[A-PR-UWYZ][A-HK-Y]?[0-9][0-9A-HJKMNPR-Y]? ?[0-9][ABD-HJLNP-UW-Z]{2}\b"
# In small letters only of the areas that there are; of those with one letter not "e1 2nd", "b8 4hr".
_AREAS = (
    "a[bl]|b[abdhlnrst]|c[abfhmortvw]|d[adeghlnty]|e[cnx]|f[ky]|g[luy]|h[adgprsux]|i[gmpv]|je|k[aktwy]|l[adelnsu]|ll"
    "|m[ekl]|n[egnprw]|o[lx]|p[aehlor]|r[ghm]|s[aegklmnoprstwy]|t[adfnqrsw]|ub|w[acdfnrsv]|yo|ze"
)
_SMALL = (
    rf"\b(?:{_AREAS})[0-9][0-9a-hjkmnpr-y]? ?[0-9][abd-hjlnp-uw-z]{{2}}\b"
    r"|\b[beglmnsw][0-9][0-9a-hjkmnpr-y]? [0-9](?!(?:st|nd|rd|th|hr|yr|pw|pd|pa|ft|lb|gb)\b)[abd-hjlnp-uw-z]{2}\b"
)
_POSTCODE = f"(?:(?-i:{_CAPITAL})|{_SMALL})"
_ADDRESSES = [
    re.compile(rf"{each}(?:,? {_POSTCODE})?", re.IGNORECASE) for each in (_FLAT, _STREET, _THE)
] + [re.compile(_POSTCODE, re.IGNORECASE)]  # fmt: skip

# Figures, offices and helplines have landlines and addresses of an organisation: those are nobody's own.
_MOBILE = re.compile(r"(?<![\w.,+])(?:\+44 ?(?:\(0\) ?)?|0)7[0-9](?:[ -]?[0-9]){8}(?![0-9])")
_MAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}@(?:gmail|googlemail|hotmail|outlook|live|msn|yahoo|ymail|icloud|me|mac|aol|btinternet"
    r"|btopenworld|talktalk|virginmedia|ntlworld|sky|protonmail|proton|mail|gmx)\.(?:com|co\.uk|net|org|me|uk|fr|de|ie)\b",
    re.IGNORECASE,
)


def births(text: str) -> list[Found]:
    """Dates of birth with the word that says so."""
    found = [*_BIRTH.finditer(text), *_BIRTH_AFTER.finditer(text)]
    return [Found(Kind.BIRTH, each.start(), each.end()) for each in found]


def dates(text: str) -> list[Found]:
    return [Found(Kind.BIRTH, each.start(), each.end()) for each in _DAYS.finditer(text)]


def identifiers(text: str) -> Iterator[Found]:
    """Everything else: numbers that belong to one person, addresses, private contacts."""
    for each in _NHS_BARE.finditer(text):
        if is_nhs_number(each.group()):
            yield Found(Kind.NHS, each.start(), each.end())
    for each in _UPN_BARE.finditer(text):
        if is_upn(each.group()):
            yield Found(Kind.UPN, each.start(), each.end())
    # Beside the words that say so a slip of one digit still leads to the child: no check digit is asked.
    for kind, patterns in (
        (Kind.NHS, [_NHS_SAID]),
        (Kind.UPN, [_UPN_SAID]),
        (Kind.CASE, _CASES),
        (Kind.ADDRESS, _ADDRESSES),
        (Kind.CONTACT, [_MOBILE, _MAIL]),
    ):
        for pattern in patterns:
            for each in pattern.finditer(text):
                yield Found(kind, each.start(), each.end())


def is_nhs_number(text: str) -> bool:
    """Whether the last of ten digits is the check digit of the nine before it: modulus 11.

    NHS Data Model and Dictionary, attribute NHS NUMBER (www.datadictionary.nhs.uk): the digits are weighted 10 down to
    2 and summed; 11 less the remainder by 11 is the check digit, 11 stands for 0, and a number that would need 10 is
    not issued.
    """
    digits = [int(each) for each in text if each.isdecimal()]
    if len(digits) != 10:
        return False
    total = sum(weight * digit for weight, digit in zip(range(10, 1, -1), digits, strict=False))
    return (11 - total % 11) % 11 == digits[9]


def is_upn(text: str) -> bool:
    """Whether the first letter is the check letter of the twelve characters after it: modulus 23.

    Government Data Standards Catalogue, Unique Pupil Number 2.0, and rule 1510 of the Department for Education's
    censuses: characters 2 to 13 are weighted by their place and summed; the remainder by 23 gives the letter, counted
    from A = 0 without I, O and S. The last character of a temporary number is a letter with the same value.
    """
    upn = text.upper()
    if len(upn) != 13 or upn[0] not in _LETTERS or upn[12] not in _LETTERS + "0123456789":
        return False
    values = [int(each) if each.isdecimal() else _LETTERS.index(each) for each in upn[1:]]
    return _LETTERS[sum(place * value for place, value in enumerate(values, start=2)) % 23] == upn[0]
