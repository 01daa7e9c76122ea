"""What a point looks like, apart from its place: told apart by shape and stroke, never by colour alone.

The outline says whether the point is a signal, the filling and the ring what kind of figure it
is. Each of the outlines is missing among the badges of a rating, so that neither is taken for
the other; the paths are those of Plotly's symbols of the same name.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from measures.charts.parts import CONCERN, IMPROVEMENT, NEUTRAL, Point

OUTLINES = {"": "circle", IMPROVEMENT: "star", CONCERN: "square", NEUTRAL: "cross"}
# Corners on a radius of 1, in pixels downwards.
CORNERS = {
    "star": (
        *((0.315, -0.433), (1.331, -0.433), (0.508, 0.165), (0.823, 1.133), (0, 0.535)),
        *((-0.823, 1.133), (-0.508, 0.165), (-1.331, -0.433), (-0.315, -0.433), (0, -1.4)),
    ),
    "square": ((1, 1), (-1, 1), (-1, -1), (1, -1)),
    "cross": (
        *((1.2, 0.4), (0.4, 0.4), (0.4, 1.2), (-0.4, 1.2), (-0.4, 0.4), (-1.2, 0.4)),
        *((-1.2, -0.4), (-0.4, -0.4), (-0.4, -1.2), (0.4, -1.2), (0.4, -0.4), (1.2, -0.4)),
    ),
}
MANY_POINTS = 20


@dataclass(frozen=True)
class Look:
    """`outline` is a Plotly symbol; `solid` filled in the colour of `signal`, else hollow; `dotted` with a
    dot in its middle; `dashed` the ring; `width` of the ring, 0 for none; `ringed` in ink around a solid filling.
    """

    outline: str
    signal: str
    solid: bool
    dotted: bool
    dashed: bool
    width: float
    radius: float
    ringed: bool = False

    def sized(self, share: float) -> Look:
        return self if share == 1 else replace(self, radius=round(self.radius * share, 2))

    @property
    def signature(self) -> tuple[tuple[str, bool], bool, tuple[float, bool, bool]]:
        """Shape, filling and stroke without a colour or a size: what is left in grey print."""
        return (self.outline, self.dotted), self.solid, (self.width, self.dashed, self.ringed)


def look(point: Point, latest: bool, many: bool = False) -> Look:
    """Hollow for what is past or not final, dotted for provisional, dashed for illustrative; the latest is
    larger and heavier. `many` points are drawn smaller.
    """
    soft = point.illustrative or point.provisional
    solid = not soft and (latest or bool(point.signal))
    width = 0.0 if solid else 1.5 if point.illustrative else 1.8
    ringed = solid and latest and bool(point.signal)
    if latest and soft:
        width = 2.1 if point.illustrative else 2.4
    radius = (6.0 if latest else 3.0 if many else 4.0) + (1.0 if point.signal or point.provisional else 0.0)
    return Look(
        outline=OUTLINES[point.signal],
        signal=point.signal,
        solid=solid,
        dotted=point.provisional,
        dashed=point.illustrative,
        width=1.8 if ringed else width,
        radius=radius,
        ringed=ringed,
    )


def path(found: Look, x: float, y: float) -> str:
    """The outline around a place, closed, in SVG's words; with the dot in its middle."""
    r = found.radius
    if found.outline == "circle":
        arc = f"A{_n(r)} {_n(r)} 0 1 1 "
        ring = f"M{_n(x + r)} {_n(y)}{arc}{_n(x - r)} {_n(y)}{arc}{_n(x + r)} {_n(y)}Z"
    else:
        ring = "M" + " ".join(f"{_n(x + r * dx)} {_n(y + r * dy)}" for dx, dy in CORNERS[found.outline]) + "Z"
    return f"{ring}M{_n(x)} {_n(y + 0.5)}l.5-.5-.5-.5-.5.5Z" if found.dotted else ring


def _n(value: float) -> str:
    return f"{round(value, 1):g}"
