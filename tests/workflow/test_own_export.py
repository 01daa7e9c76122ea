"""Every figure of the demonstration, exported and imported again: nothing changes."""

import pytest

from accounts.models import User
from accounts.viewer import viewer_of
from measures.imports import guessing, knowledge, planning, reading
from measures.models import Observation
from measures.terms import PeriodKind
from tests import demonstration
from tests.factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("own-export")]


def test_the_demonstration_s_own_export_changes_nothing(demo):
    content = demonstration.client_of("analyst").get("/c/childrens-services/figures.csv").content
    book = reading.read("figures.csv", content)
    analyst = User.objects.get(email=demonstration.EMAIL["analyst"])
    known = knowledge.of(viewer_of(analyst, "childrens-services"), now=NOW)
    mapping = guessing.guess(book, known.known)
    assert guessing.missing(mapping) == []
    plan = planning.plan(book, mapping, known=known.known, held=known.held, places=known.places, source="")
    assert (plan.issues, plan.asked, plan.told) == ((), (), ())
    assert {item.kind.value for item in plan.items} == {"unchanged"}
    held = Observation.objects.filter(is_current=True).exclude(period_kind=PeriodKind.YEAR)
    assert len(plan.items) == held.count()
    assert len(plan.items) > 300
