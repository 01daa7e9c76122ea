"""The texts of tests/commentary/privacy: sentences that name a child, and honest ones. All invented."""

import random
import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "privacy"
LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
CODES = "A1 A2 A3 A4 B6 B8 C11 C13 D21 E1 E34/35 FO1".split()
TOWNS = "Doncaster Mexborough Thorne Conisbrough Bentley Armthorpe Adwick Askern Tickhill".split()
MONTHS = "July August September October November December January February March April May June".split()


@dataclass(frozen=True)
class Naming:
    kind: str
    text: str


def naming(name: str) -> list[Naming]:
    chance = random.Random(name)
    rows = [line.partition(" | ") for line in lines(name)]
    return [Naming(kind, _filled(text, chance)) for kind, _, text in rows]


def sentences(name: str) -> list[str]:
    """Every honest sentence twice, with other figures."""
    chance = random.Random(name)
    return [_filled(line, chance) for line in [*lines(name), *lines(name)]]


def comments(name: str) -> list[str]:
    """As many comments, of three sentences each."""
    chance = random.Random(name)
    every = lines(name)
    return [" ".join(_filled(line, chance) for line in (first, *chance.sample(every, 2))) for first in [*every, *every]]


def nhs_number(chance: random.Random) -> str:
    """Of the range 999, which is kept for tests and never issued."""
    while True:
        digits = [9, 9, 9, *(chance.randrange(10) for _ in range(6))]
        check = 11 - sum(digit * (10 - place) for place, digit in enumerate(digits)) % 11
        if check != 10:
            return "".join(map(str, digits)) + str(check % 11)


def pupil_number(chance: random.Random, *, temporary: bool = False) -> str:
    """Of the local authority 000, which there is not."""
    rest = "000" + "".join(str(chance.randrange(10)) for _ in range(8 if temporary else 9))
    total = sum((place + 2) * int(digit) for place, digit in enumerate(rest))
    if temporary:
        last = chance.randrange(23)
        rest, total = rest + LETTERS[last], total + 13 * last
    return LETTERS[total % 23] + rest


def lines(name: str) -> list[str]:
    every = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in every if line and not line.startswith("#")]


def _filled(text: str, chance: random.Random) -> str:
    def value(found: re.Match) -> str:
        number = nhs_number(chance)
        year = chance.randint(2014, 2018)
        return {
            "n": str(chance.randint(11, 480)),
            "d": str(chance.randint(120, 990)),
            "s": str(chance.randint(2, 19)),
            "p": str(chance.randint(4, 98)),
            "q": f"Q{chance.randint(1, 4)} {year}/{(year + 1) % 100}",
            "y": f"{year}/{(year + 1) % 100}",
            "m": chance.choice(MONTHS),
            "date": f"{chance.randint(1, 28)} {chance.choice(MONTHS)} {year}",
            "code": chance.choice(CODES),
            "town": chance.choice(TOWNS),
            "nhs": number,
            "nhs_spaced": f"{number[:3]} {number[3:6]} {number[6:]}",
            "nhs_dashed": f"{number[:3]}-{number[3:6]}-{number[6:]}",
            "nhs_unbroken": f"{number[:3]}\u2011{number[3:6]}\u2011{number[6:]}",
            "nhs_en_dashed": f"{number[:3]}\u2013{number[3:6]}\u2013{number[6:]}",
            "upn": pupil_number(chance),
            "upn_temporary": pupil_number(chance, temporary=True),
        }[found.group(1)]

    return re.sub(r"\{(\w+)\}", value, text)
