"""Names and initials beside an age or a date of birth. Pure: no Django.

Each number that may be an age is looked at with a few words on either side, so the time grows with the length of the
text alone.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .given_names import ACRONYMS, ALSO_WORDS, GIVEN, NOT_NAMES, SURNAMES
from .passages import Found, Kind

OLDEST = 25
LONGEST_NAME = 40  # characters of one word
MOST_WORDS = 4  # of one name
MOST_STEPS = 7  # from an age to the name

TOKEN = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*|[0-9]+|\n|[^\w\s]|_")
NUMBERS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
AGES = {word: number for number, word in enumerate(NUMBERS, start=1)}

UNITS = frozenset("year years yr yrs y month months mth mths m week weeks wk wks".split())
OLD = frozenset("year-old yr-old month-old months-old years-old week-old weeks-old yo yrs-old".split())
DASHES = frozenset("- – — −".split())
RANGE = frozenset({*DASHES, "to", "or", "/", "+", "&", "and"})
GROUP_BEFORE = frozenset(
    "under over below above than least most to or and between until till from up + % approximately".split()
)
KEYWORDS = frozenset("aged age turned turns turning".split())
LINKS = frozenset("( [ , : = is was who now only just a an the has recently nearly almost will be still both".split())
CLOSES = frozenset(". , ; ) ] : ? ! / \n".split(" "))
SAID_OF_ONE = frozenset(
    "who and has had was is were are went came lives moved will would attends when but this now with from at in on "
    "since after before refuses needs waited whose m f".split()
)
GOES_ON = CLOSES | DASHES | SAID_OF_ONE
SAYS_WHO = frozenset("who has was is had went lives moved attends refuses whose came needs stays".split())
CHILD = frozenset(
    "child boy girl baby brother sister son daughter sibling siblings pupil student person toddler infant teenager "
    "youth twin twins leaver called named nephew niece grandson granddaughter brothers sisters children family".split()
)
BETWEEN = frozenset(
    "boy girl male female child young person lad teenager twin brother sister son daughter pupil student baby called "
    "named known as white british , ( : - –".split()
)


@dataclass(frozen=True)
class Token:
    text: str
    start: int
    end: int

    @property
    def low(self) -> str:
        return self.text.lower()

    @property
    def is_capital(self) -> bool:
        return self.text[0].isupper() and len(self.text) <= LONGEST_NAME


@dataclass(frozen=True)
class Age:
    """Tokens `first` to `last`; `is_said`: in words that only an age has, such as "14 years old"."""

    first: int
    last: int
    is_said: bool


@dataclass(frozen=True)
class Name:
    """Tokens `first` to `last`. `words` are without possessive ending and titles."""

    first: int
    last: int
    words: tuple[str, ...]

    @property
    def is_initials(self) -> bool:
        last = self.words[-1]
        letters = all(len(word) == 1 for word in self.words) and len(self.words) > 1
        return letters or (len(self.words) == 1 and last.isupper() and len(last) in (2, 3))

    @property
    def is_dotted(self) -> bool:
        return self.is_initials and len(self.words) > 1


def tokens_of(text: str) -> list[Token]:
    return [Token(found.group(), found.start(), found.end()) for found in TOKEN.finditer(text)]


def persons(text: str, births: Iterable[Found], days: Iterable[Found]) -> Iterator[Found]:
    """Names and initials beside an age or just before one of `births`, which are dates of birth with their label; a
    child's initials also before one of `days`, which are dates without one."""
    tokens = tokens_of(text)
    for age in _ages(tokens):
        name = _before(tokens, age) or _after(tokens, age)
        if name:
            first, last = min(name.first, age.first), max(name.last, age.last)
            yield Found(_kind(name), tokens[first].start, tokens[last].end)
    starts = [token.start for token in tokens]
    for birth in births:
        name = _named_before(tokens, bisect_left(starts, birth.start) - 1)
        if name and (_is_initials(tokens, name) or _is_name(name)):
            yield Found(_kind(name), tokens[name.first].start, birth.end)
    for day in days:
        name = _named_before(tokens, bisect_left(starts, day.start) - 1)
        # Initials and a date are more often who signed and when.
        if name and name.is_initials and _text(tokens, name.first - 1) in CHILD:
            yield Found(Kind.INITIALS, tokens[name.first].start, day.end)


def _named_before(tokens: list[Token], at: int) -> Name | None:
    return _name_ending(tokens, _back(tokens, at)[0])


def _kind(name: Name) -> Kind:
    return Kind.INITIALS if name.is_initials else Kind.NAME


def _text(tokens: list[Token], at: int) -> str:
    return tokens[at].low if 0 <= at < len(tokens) else ""


def _ages(tokens: list[Token]) -> Iterator[Age]:
    for at, token in enumerate(tokens):
        if token.text.isdecimal():
            # A number with more digits than an age has is not worth reading.
            if len(token.text) > 2 or int(token.text) > OLDEST:
                continue
        elif token.low not in AGES and token.low.split("-")[0] not in AGES:
            continue
        age = _age_at(tokens, at)
        if age and not _is_group(tokens, age):
            yield age


def _age_at(tokens: list[Token], at: int) -> Age | None:
    number, _, rest = tokens[at].low.partition("-")
    if rest:  # "fourteen-year-old"
        return Age(at, at, True) if number in AGES and rest in OLD else None
    last, is_said = at, False
    follows = at + 2 if _text(tokens, at + 1) in DASHES else at + 1
    if _text(tokens, follows) in OLD:
        return Age(at, follows, True)
    if _text(tokens, at + 1) == "y" and _text(tokens, at + 2) in ("/", ".") and _text(tokens, at + 3) == "o":
        return Age(at, at + 3, True)
    if _text(tokens, at + 1) == "th" or _text(tokens, at + 1) in ("st", "nd", "rd"):
        return Age(at, at + 2, True) if _text(tokens, at + 2) == "birthday" else None
    if _text(tokens, follows) in UNITS:
        last = follows
        if _text(tokens, last + 1) == "and" and _text(tokens, last + 3) in UNITS:
            last += 3
        step = last + 2 if _text(tokens, last + 1) in DASHES else last + 1
        if _text(tokens, step) in ("old", "olds") or _text(tokens, step) == "of" and _text(tokens, step + 1) == "age":
            if _text(tokens, step) == "olds":
                return None
            last, is_said = step, True
    if _text(tokens, at - 1) == "year" and last == at:  # "Year 9"
        return Age(at - 1, at, False)
    if any(_text(tokens, at - back) in KEYWORDS for back in (1, 2)):
        is_said = True
    return Age(at, last, is_said)


def _is_group(tokens: list[Token], age: Age) -> bool:
    """Whether the number is part of a range, of a larger number or of an age of many: "14 to 17", "1,204"."""
    before, after = _text(tokens, age.first - 1), _text(tokens, age.last + 1)
    if after in RANGE and (_is_number(tokens, age.last + 2) or _text(tokens, age.last + 2) in _OR_MORE):
        return True
    if after in ("+", "%", "/") or after in (",", ".", ":") and _touches(tokens, age.last + 1, age.last + 2):
        return True
    if before in GROUP_BEFORE:
        return True
    if before in DASHES and _is_number(tokens, age.first - 2):
        return True
    if before == "," and _is_number(tokens, age.first - 2):
        return True
    is_joined = age.first > 0 and tokens[age.first - 1].end == tokens[age.first].start
    # "FO1", "£14", "1.5", "12/14": but "(14)" and "–14" are ages.
    return is_joined and not (before in ("(", "[") or before in DASHES)


_OR_MORE = frozenset("over above older under younger more up below upwards".split())


def _is_number(tokens: list[Token], at: int) -> bool:
    return _text(tokens, at).isdecimal() or _text(tokens, at).split("-")[0] in AGES


def _touches(tokens: list[Token], at: int, after: int) -> bool:
    return (
        after < len(tokens)
        and tokens[after].text.isdecimal()
        and tokens[at - 1].end == tokens[at].start
        and tokens[at].end == tokens[after].start
    )


def _back(tokens: list[Token], at: int) -> tuple[int, set[str]]:
    """Over the words that may stand between a name and its age. Returns where the name would end, and those words."""
    passed: set[str] = set()
    for _ in range(MOST_STEPS):
        low = _text(tokens, at)
        # "Name: Jayden; age: 14", in one line or two.
        is_form = low in (";", "\n") and ":" in passed and passed & KEYWORDS
        if not is_form and low not in LINKS and low not in KEYWORDS and low not in DASHES:
            break
        passed.add(low)
        at -= 1
    return at, passed


def _before(tokens: list[Token], age: Age) -> Name | None:
    at, passed = _back(tokens, age.first - 1)
    name = _name_ending(tokens, at)
    if name is None:
        return None
    is_said = age.is_said or bool(passed & KEYWORDS)
    after = _text(tokens, age.last + 1)
    # A bare number beside a name counts what follows, unless nothing does that can be counted. "14 years in post"
    # is nobody's age.
    if not is_said and after and after not in (GOES_ON if age.first == age.last else CLOSES | DASHES):
        return None
    if name.is_initials:
        return name if _is_initials(tokens, name, is_said) else None
    if is_said:
        return name if _is_name(name) else None
    if _is_given(name.words[0]) and not _is_other_word(name):
        # "1. Helen Marsh 2. Tom Reid" is a list.
        return None if not passed and after == "." else name
    is_child = any(_text(tokens, name.first - back) in CHILD for back in (1, 2, 3))
    is_aside = "," in passed and after == "," and _text(tokens, age.last + 2) in SAYS_WHO
    return name if _is_name(name) and (is_child or is_aside) else None


def _after(tokens: list[Token], age: Age) -> Name | None:
    """ "14-year-old Jayden", "aged 14, Jayden"."""
    at, passed = age.last + 1, set()
    for _ in range(MOST_STEPS):
        if _text(tokens, at) not in BETWEEN:
            break
        passed.add(_text(tokens, at))
        at += 1
    name = _name_starting(tokens, at)
    if name is None or not (age.is_said or passed & CHILD):
        return None
    if name.is_initials:
        return name if _is_initials(tokens, name, age.is_said) else None
    is_given = _is_given(name.words[0])
    return name if is_given or (not passed & {",", ":", "-", "–"} and _is_name(name)) else None


def _name_ending(tokens: list[Token], at: int) -> Name | None:
    first, last, words = at, at, list[tuple[str, int]]()
    while first >= 0 and len(words) < MOST_WORDS:
        token = tokens[first]
        if token.text == "." and _is_letter(tokens, first - 1):
            first -= 1
        elif not token.is_capital and (words or token.low not in GIVEN or token.low in ALSO_WORDS):
            break
        words.insert(0, (_bare(tokens[first].text), first))
        first -= 1
    return _trimmed(words, last)


def _name_starting(tokens: list[Token], at: int) -> Name | None:
    words = list[tuple[str, int]]()
    while at < len(tokens) and len(words) < MOST_WORDS and tokens[at].is_capital:
        words.append((_bare(tokens[at].text), at))
        at += 2 if len(tokens[at].text) == 1 and _text(tokens, at + 1) == "." else 1
    if not words or words[0][0].lower() in NOT_NAMES:
        return None
    return _trimmed(words, min(at, len(tokens)) - 1)


def _trimmed(placed: list[tuple[str, int]], last: int) -> Name | None:
    """Of words and their places, without those at the start that are nobody's name; None when nothing is left."""
    while placed and (placed[0][0].lower() in NOT_NAMES or (len(placed) > 1 and placed[0][0].upper() in ACRONYMS)):
        if len(placed[0][0]) == 1 and len(placed) > 1:
            break
        placed = placed[1:]
    words = [word for word, _ in placed]
    if not words or (words[-1].lower() in NOT_NAMES and not _is_surname(words)):
        return None
    # "S. Malik": what follows an initial is a surname, whatever it looks like.
    given = (at for at, word in enumerate(words) if _is_given(word) and not (at and len(words[at - 1]) == 1))
    start = next(given, 0)
    return Name(placed[start][1], last, tuple(words[start:]))


def _is_surname(words: list[str]) -> bool:
    """Whether the last of them, "Green" or "Young", is one here: after an initial or a name that is no other word."""
    if len(words) < 2 or words[-1].lower() not in SURNAMES:
        return False
    return len(words[-2]) == 1 or (_is_given(words[-2]) and words[-2].lower() not in ALSO_WORDS)


def _is_letter(tokens: list[Token], at: int) -> bool:
    return at >= 0 and len(tokens[at].text) == 1 and tokens[at].is_capital and tokens[at].end == tokens[at + 1].start


def _bare(word: str) -> str:
    return re.sub(r"['’]s?$", "", word)


def _is_given(word: str) -> bool:
    low = word.lower()
    return low in GIVEN or low.split("-")[0] in GIVEN


def _is_other_word(name: Name) -> bool:
    return len(name.words) == 1 and name.words[0].lower() in ALSO_WORDS


def _is_name(name: Name) -> bool:
    """Whether these words may be a person's name where only an age can follow: "Tadhg aged 3", not "Leavers aged"."""
    if any(_is_given(word) for word in name.words):
        return True
    last = name.words[-1]
    is_many = last.endswith("s") and not last.endswith(("ss", "us", "is", "as", "os"))
    return not last.isupper() and not is_many


def _is_initials(tokens: list[Token], name: Name, is_said: bool = True) -> bool:
    if not name.is_initials:
        return False
    if name.is_dotted or _text(tokens, name.first - 1) in CHILD:
        return True
    letters = name.words[0]
    return letters not in ACRONYMS and (is_said or len(letters) == 2)
