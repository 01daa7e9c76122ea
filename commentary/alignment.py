"""Which items of two sequences are the same, in time that does not depend on what they hold. Pure: no Django."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

# Bits that one table may take, 16 MB: beyond it nothing but the beginning and the end is compared.
CELLS = 2**27

Pairs = list[tuple[int, int]]


def aligned(a: Sequence[Hashable], b: Sequence[Hashable]) -> Pairs:
    """Index pairs of a longest common subsequence, ascending."""
    start, end = 0, 0
    shorter = min(len(a), len(b))
    while start < shorter and a[start] == b[start]:
        start += 1
    while end < shorter - start and a[-1 - end] == b[-1 - end]:
        end += 1
    middle = _longest(a[start : len(a) - end], b[start : len(b) - end])
    return [
        *((index, index) for index in range(start)),
        *((start + i, start + j) for i, j in middle),
        *((len(a) - end + index, len(b) - end + index) for index in range(end)),
    ]


def _longest(a: Sequence[Hashable], b: Sequence[Hashable]) -> Pairs:
    """One number for each item of `b`, with a bit for each of `a`: Hyyrö, "Bit-parallel LCS-length computation
    revisited" (2004). The way back through them gives the pairs."""
    if not a or not b or len(a) * len(b) > CELLS:
        return []
    full = (1 << len(a)) - 1
    places: dict[Hashable, int] = {}
    for index, item in enumerate(a):
        places[item] = places.get(item, 0) | 1 << index
    rows, row = [], full
    for item in b:
        same = row & places.get(item, 0)
        row = ((row + same) | (row - same)) & full
        rows.append(row)
    return _way_back(rows, len(a))


def _way_back(rows: list[int], width: int) -> Pairs:
    pairs, i, j = [], width, len(rows)
    while i and j:
        if rows[j - 1] >> (i - 1) & 1:
            i -= 1
        elif j > 1 and not rows[j - 2] >> (i - 1) & 1:
            j -= 1
        else:
            i, j = i - 1, j - 1
            pairs.append((i, j))
    return pairs[::-1]


def gaps(pairs: Pairs, length_a: int, length_b: int) -> list[tuple[range, range]]:
    """What stands between the pairs: before each of them, and after the last."""
    found, i, j = [], 0, 0
    for x, y in [*pairs, (length_a, length_b)]:
        found.append((range(i, x), range(j, y)))
        i, j = x + 1, y + 1
    return found
