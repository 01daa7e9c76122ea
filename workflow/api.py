"""The scorecard as JSON: the same dataclasses under the same rights as the page.

Decimals are strings, so that 84.210526 arrives as it is held; quarters are codes ("2018-Q2").
"""

from __future__ import annotations

from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from measures import scorecard
from measures.pages import place_of
from measures.quarters import Quarter
from measures.rights import Act


class DecimalText(serializers.Field):
    def to_representation(self, value):
        return f"{value.normalize():f}"


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


class MeasureSerializer(serializers.Serializer):
    code = serializers.CharField()
    slug = serializers.CharField()
    title = serializers.CharField()
    section = serializers.CharField()
    kind = serializers.CharField()
    area_for_improvement = serializers.CharField(source="area_reason")
    headline = SeriesSerializer()
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
