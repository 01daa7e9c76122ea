"""The scorecard as JSON: the same dataclasses under the same rights as the page.

Decimals are strings, so that 84.210526 arrives as it is held; quarters are codes ("2018-Q2").
"""

from __future__ import annotations

from decimal import Decimal

from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from measures import scorecard
from measures.chances import chance_of
from measures.numbers import round_half_up
from measures.pages import place_of
from measures.quarters import Quarter
from measures.rights import Act
from measures.rows import SeriesRow


class DecimalText(serializers.Field):
    def to_representation(self, value):
        return f"{value.normalize():f}"


class FloatText(DecimalText):
    """Of a statistic, to six decimals as values are held."""

    def to_representation(self, value):
        return super().to_representation(round_half_up(Decimal(repr(value)), 6))


class AimSerializer(serializers.Serializer):
    from_quarter = serializers.CharField(source="from_quarter.code")
    target = DecimalText()
    tolerance = DecimalText()
    target_basis = serializers.CharField()
    tolerance_basis = serializers.CharField()


class ReadingSerializer(serializers.Serializer):
    period = serializers.CharField(source="period.code")
    value = DecimalText()
    numerator = DecimalText()
    denominator = DecimalText()
    status = serializers.CharField()
    illustrative = serializers.BooleanField()
    counts_illustrative = serializers.BooleanField()
    revised = serializers.BooleanField()
    months_present = serializers.IntegerField()
    note = serializers.CharField()


class RatingSerializer(serializers.Serializer):
    status = serializers.CharField()
    reason = serializers.CharField()
    rounding_decides = serializers.BooleanField()


class TravelSerializer(serializers.Serializer):
    direction = serializers.CharField()
    difference = DecimalText()
    text = serializers.CharField()


class ChanceSerializer(serializers.Serializer):
    tell = serializers.CharField()
    low = FloatText()
    high = FloatText()


class ProcessSerializer(serializers.Serializer):
    """`variation` and `assurance` null where a verdict needs more values, or the latest one is not this quarter's;
    `assurance` also without a target. `illustrative`: one of the values that the limits rest on is."""

    frequency = serializers.CharField(source="track.frequency")
    mean = FloatText(source="process.xmr.mean")
    lower = FloatText(source="process.xmr.lower")
    upper = FloatText(source="process.xmr.upper")
    trial = serializers.BooleanField(source="process.xmr.trial")
    variation = serializers.CharField()
    assurance = serializers.CharField()
    illustrative = serializers.BooleanField(source="track.illustrative")


class SeriesSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    role = serializers.CharField()
    unit = serializers.CharField(source="scale.unit")
    decimals = serializers.IntegerField(source="scale.decimals")
    polarity = serializers.CharField(source="scale.polarity")
    derivation = serializers.CharField()
    window = serializers.CharField()
    frequency = serializers.CharField()
    now = ReadingSerializer()
    aim = AimSerializer()
    rating = RatingSerializer()
    travel = TravelSerializer()
    history = ReadingSerializer(many=True)


class HeadlineSerializer(SeriesSerializer):
    """`chance`: what it could have done to the value beside its target; `process`: the limits. Null without them."""

    chance = serializers.SerializerMethodField()
    process = serializers.SerializerMethodField()

    def get_chance(self, row: SeriesRow) -> dict | None:
        found = chance_of(row)
        return ChanceSerializer(found).data if found else None

    def get_process(self, row: SeriesRow) -> dict | None:
        return ProcessSerializer(row).data if row.process.xmr else None


class MeasureSerializer(serializers.Serializer):
    code = serializers.CharField()
    slug = serializers.CharField()
    title = serializers.CharField()
    section = serializers.CharField()
    kind = serializers.CharField()
    area_for_improvement = serializers.CharField(source="area_reason")
    headline = HeadlineSerializer()
    pairs = SeriesSerializer(many=True)
    subgroups = SeriesSerializer(many=True)


class ScorecardSerializer(serializers.Serializer):
    quarter = serializers.CharField(source="quarter.code")
    label = serializers.CharField(source="quarter.label")
    state = serializers.CharField()
    figures_visible = serializers.BooleanField()
    counts = serializers.DictField(child=serializers.IntegerField())
    measures = MeasureSerializer(many=True, source="rows")


@api_view(["GET", "HEAD"])
def scorecard_json(request: Request, contract: str, quarter: Quarter) -> Response:
    place = place_of(request, contract, quarter, Act.SEE_CYCLE)
    return Response(ScorecardSerializer(scorecard.build(place.cycle, place.viewer, place.cycles)).data)
