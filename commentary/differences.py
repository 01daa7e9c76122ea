"""What differs between two cleaned texts, word by word, and both in one. Pure: no Django.

Paragraphs, headings and list items are paired first, equal ones before alike ones; then the words of each pair.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import count

from .alignment import Pairs, aligned, gaps
from .pieces import BLOCKS, Block, Kind, Path, Piece, Tag, blocks_of, built

# Two blocks are one that was changed, rather than one that went and one that came, when they share this much.
ALIKE = 0.4
# Blocks beyond this are paired in order, since each must be compared with each.
MOST_PAIRS = 1_000
SENTENCE_ENDS = {".", "!", "?", "<br>"}


class State(IntEnum):
    """Of one word: as in the other text, there with another look, or not there."""

    SAME = 0
    FORM = 1
    CHANGED = 2


@dataclass(frozen=True)
class Side:
    """How one of the two texts is marked; the words are for screen readers, at the beginning of a block."""

    tag: str
    whole: str
    part: str = "Changed"
    form: str = "Formatting changed"


OLD, NEW = Side("del", "Removed"), Side("ins", "Added")
# Of two texts side by side neither is older.
HERE = {"whole": "Only in this text", "part": "Differs", "form": "Formatting differs"}
THEIRS, MINE = Side("del", **HERE), Side("ins", **HERE)


@dataclass(frozen=True)
class Compared:
    """The two texts as HTML with marks around what differs. `added` and `removed` count words, without punctuation;
    `marked` says whether anything is marked at all, and `formatted` whether words are of which only the look differs.
    What differs in spaces or empty lines alone has `changed` and no marks."""

    old: str
    new: str
    changed: bool
    added: int = 0
    removed: int = 0
    formatted: bool = False
    marked: bool = False

    @property
    def sentence(self) -> str:
        parts = [_words(self.added, "added"), _words(self.removed, "removed")]
        told = ", ".join(part for part in parts if part)
        if told:
            return f"{told}, formatting changed" if self.formatted else told
        if self.marked:
            return "Only the formatting changed" if self.formatted else "Only the punctuation changed"
        return "Only spaces or empty lines changed" if self.changed else "Nothing changed"


def _words(number: int, act: str) -> str:
    return f"{number:,} {'word' if number == 1 else 'words'} {act}" if number else ""


def compare(old: str, new: str, sides: tuple[Side, Side] = (OLD, NEW)) -> Compared:
    numbers = count()
    olds, news = blocks_of(old, numbers), blocks_of(new, numbers)
    left, right = _with_words(olds), _with_words(news)
    states = {id(block): [State.CHANGED] * len(block.words) for block in (*left, *right)}
    for i, j in _paired(left, right):
        _tell(left[i], right[j], states)
    found = {state for block in (*left, *right) for state in states[id(block)]}
    return Compared(
        _marked(olds, states, sides[0], numbers),
        _marked(news, states, sides[1], numbers),
        old != new,
        added=_changed(right, states),
        removed=_changed(left, states),
        formatted=State.FORM in found,
        marked=bool(found - {State.SAME}),
    )


def _with_words(blocks: list[Block]) -> list[Block]:
    return [block for block in blocks if block.words]


def _changed(blocks: list[Block], states: dict[int, list[State]]) -> int:
    return sum(
        state is State.CHANGED and word[0].isalnum()
        for block in blocks
        for word, state in zip(block.words, states[id(block)], strict=True)
    )


def _paired(left: list[Block], right: list[Block]) -> Pairs:
    """Index pairs of the same and of alike blocks, ascending."""
    pairs = aligned([block.words for block in left], [block.words for block in right])
    alike = [
        pair
        for here, there in gaps(pairs, len(left), len(right))
        if here and there
        for pair in _alike(left, right, here, there)
    ]
    return sorted([*pairs, *alike])


def _alike(left: list[Block], right: list[Block], here: range, there: range) -> Pairs:
    if len(here) * len(there) > MOST_PAIRS:
        return [(i, j) for i, j in zip(here, there, strict=False) if _likeness(left[i], right[j]) >= ALIKE]
    # best[x][y]: of the blocks from x and from y on, how alike those paired are in all.
    best = [[0.0] * (len(there) + 1) for _ in range(len(here) + 1)]
    scores = [[_likeness(left[i], right[j]) for j in there] for i in here]
    for x in range(len(here) - 1, -1, -1):
        for y in range(len(there) - 1, -1, -1):
            both = scores[x][y] + best[x + 1][y + 1] if scores[x][y] >= ALIKE else 0.0
            best[x][y] = max(best[x + 1][y], best[x][y + 1], both)
    pairs, x, y = [], 0, 0
    while x < len(here) and y < len(there):
        if best[x][y] == best[x + 1][y]:
            x += 1
        elif best[x][y] == best[x][y + 1]:
            y += 1
        else:
            pairs.append((here[x], there[y]))
            x, y = x + 1, y + 1
    return pairs


def _likeness(one: Block, other: Block) -> float:
    """0 to 1: the share of words that are in both, in whatever order."""
    few, many = sorted((one.counts, other.counts), key=len)
    shared = sum(min(number, many[word]) for word, number in few.items() if word in many)
    return 2 * shared / (len(one.words) + len(other.words))


def _tell(one: Block, other: Block, states: dict[int, list[State]]) -> None:
    for i, j in _readable(aligned(one.words, other.words), one.words, other.words):
        same = one.shape == other.shape and one.marks[i] == other.marks[j]
        states[id(one)][i] = states[id(other)][j] = State.SAME if same else State.FORM


def _readable(pairs: Pairs, a: Sequence[str], b: Sequence[str]) -> Pairs:
    """Without short words that happen to stand between two changes at least twice as long: one change reads better
    than five."""
    kept: Pairs = []
    before = 0
    spans = _runs(pairs, len(a), len(b))
    for index, (run, gap) in enumerate(spans):
        after = _length(spans[index + 1][1], a, b) if index + 1 < len(spans) else 0
        before += _length(gap, a, b)
        size = sum(len(a[i]) for i, _ in run)
        if run and 2 * size <= min(before, after):
            before += size
        else:
            kept += run
            before = 0
    return kept


def _runs(pairs: Pairs, length_a: int, length_b: int) -> list[tuple[Pairs, tuple[range, range]]]:
    """Pairs that follow one another, each run with the gap before it; the last is an empty run."""
    found: list[tuple[Pairs, tuple[range, range]]] = []
    for index, gap in enumerate(gaps(pairs, length_a, length_b)):
        here = pairs[index : index + 1]
        if found and here and not gap[0] and not gap[1]:
            found[-1][0].extend(here)
        else:
            found.append((here, gap))
    return found


def _length(gap: tuple[range, range], a: Sequence[str], b: Sequence[str]) -> int:
    return max(sum(len(a[i]) for i in gap[0]), sum(len(b[j]) for j in gap[1]))


def _marked(blocks: list[Block], states: dict[int, list[State]], side: Side, numbers: Iterator[int]) -> str:
    return built(
        piece
        for block in blocks
        for piece in (_block_marked(block, states[id(block)], side, numbers) if block.words else block.pieces)
    )


def _block_marked(block: Block, states: list[State], side: Side, numbers: Iterator[int]) -> Iterator[Piece]:
    label = _label(states, side)
    if label:
        yield Piece(Kind.WORD, f'<span class="visually-hidden">{label}: </span>', block.path)
    upcoming = iter(states)
    spaces: list[Piece] = []
    mark: Tag | None = None
    last: tuple[State, Path] | None = None
    for piece in block.pieces:
        if piece.kind is Kind.SPACE:
            spaces.append(piece)
            continue
        state = next(upcoming) if piece.kind is Kind.WORD else State.SAME
        goes_on = mark is not None and last == (state, piece.path) and all(s.path == piece.path for s in spaces)
        if not goes_on:
            yield from spaces
            mark = _mark(state, side, numbers)
        elif mark:
            yield from (Piece(space.kind, space.raw, (*space.path, mark)) for space in spaces)
        spaces = []
        last = (state, piece.path)
        yield Piece(piece.kind, piece.raw, (*piece.path, mark)) if mark else piece
    yield from spaces


def _mark(state: State, side: Side, numbers: Iterator[int]) -> Tag | None:
    if state is State.SAME:
        return None
    form = ' class="form"' if state is State.FORM else ""
    return Tag(next(numbers), side.tag, f"<{side.tag}{form}>")


def _label(states: list[State], side: Side) -> str:
    if State.CHANGED in states:
        return side.whole if set(states) == {State.CHANGED} else side.part
    return side.form if State.FORM in states else ""


def together(theirs: str, mine: str) -> str:
    """One cleaned text: what both have once; sentences that differ stand one after the other, theirs first."""
    numbers = count()
    left, right = _with_words(blocks_of(theirs, numbers)), _with_words(blocks_of(mine, numbers))
    pairs = _paired(left, right)
    twins = _twins(left, right, pairs)
    out: list[Piece] = []
    for (here, there), pair in zip(gaps(pairs, len(left), len(right)), [*pairs, None], strict=True):
        for pieces in [left[i].pieces for i in here] + [_moved(right[j].pieces, twins) for j in there]:
            _append(out, pieces)
        if pair:
            for pieces in _both(left[pair[0]], right[pair[1]], twins):
                _append(out, pieces)
    return built(out).strip()


def _append(out: list[Piece], pieces: list[Piece]) -> None:
    """Text that would stand in the same element as the text before it is parted from it."""
    if out and pieces and _block_path(out[-1].path) == _block_path(pieces[0].path):
        ends = Kind.SPACE in (out[-1].kind, pieces[0].kind)
        out += [] if ends else [Piece(Kind.SPACE, " ", _block_path(pieces[0].path))]
    out += pieces


def _block_path(path: Path) -> Path:
    return Block([Piece(Kind.EMPTY, "", path)]).path


def _twins(left: list[Block], right: list[Block], pairs: Pairs) -> dict[int, Tag]:
    """For elements of the second text those of the first that hold the same blocks."""
    twins: dict[int, Tag] = {}
    for i, j in pairs:
        for here, there in zip(left[i].path, right[j].path, strict=False):
            if here.raw != there.raw:
                break
            twins.setdefault(there.number, here)
    return twins


def _moved(pieces: list[Piece], twins: dict[int, Tag]) -> list[Piece]:
    return [Piece(piece.kind, piece.raw, tuple(twins.get(tag.number, tag) for tag in piece.path)) for piece in pieces]


def _both(one: Block, other: Block, twins: dict[int, Tag]) -> list[list[Piece]]:
    """Two blocks that are paired as one, or one after the other where they are not of one kind."""
    if one.shape == other.shape and one.words == other.words and one.marks == other.marks:
        return [one.pieces]
    if one.shape != other.shape:
        return [one.pieces, _moved(other.pieces, twins)]
    places = {there.number: here for here, there in zip(one.path, other.path, strict=True)}
    theirs, mine = _sentences(one.pieces), [_moved(each, places) for each in _sentences(other.pieces)]
    same = aligned([_told(each) for each in theirs], [_told(each) for each in mine])
    out: list[list[Piece]] = []
    for (here, there), pair in zip(gaps(same, len(theirs), len(mine)), [*same, None], strict=True):
        out += [theirs[i] for i in here] + [mine[j] for j in there]
        out += [theirs[pair[0]]] if pair else []
    return out


def _sentences(pieces: list[Piece]) -> list[list[Piece]]:
    """Each with the spaces after it."""
    found: list[list[Piece]] = [[]]
    ended = False
    for piece in pieces:
        if ended and piece.kind is Kind.WORD and found[-1][-1].kind is Kind.SPACE:
            found.append([])
        if piece.kind is not Kind.SPACE:
            ended = piece.raw in SENTENCE_ENDS
        found[-1].append(piece)
    return found


def _told(pieces: list[Piece]) -> tuple[str, ...]:
    """What makes two sentences the same: words and look, wherever the spaces are."""
    return tuple(
        part
        for piece in pieces
        if piece.kind is Kind.WORD
        for part in (piece.raw, *(tag.raw for tag in piece.path if tag.name not in BLOCKS))
    )
