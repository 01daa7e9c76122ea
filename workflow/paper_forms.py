"""What a person says before an old paper is brought in: the quarter, and of new measures what the paper leaves open."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms

from measures.quarters import Quarter
from measures.rating import Polarity
from measures.terms import Kind

from .papers.plans import LONGEST, Choice, Choices, MeasurePlan, PaperPlan, lacking, wanted

NO_QUARTER = "Choose the quarter of this paper."
POLARITIES = {
    Polarity.HIGHER: "Higher is better",
    Polarity.LOWER: "Lower is better",
    Polarity.NEUTRAL: "Neither: it is not rated",
}
KINDS = {
    Kind.CONTRACTUAL: "Contractual: held against a target",
    Kind.VOLUMETRIC: "Volumetric: it explains the others",
    Kind.LOCAL: "Local: agreed by both parties for themselves",
}
LABELS = {"title": "Title", "section": "Section", "kind": "Kind", "polarity": "Which way is better"}


class PaperForm(forms.Form):
    """Fields of measures are named by their place in the paper, as in `m0_title`; `digest` is the preview that was
    seen."""

    digest = forms.CharField(widget=forms.HiddenInput, required=False)
    quarter = forms.ChoiceField(error_messages={"required": NO_QUARTER})

    def __init__(self, *args, plan: PaperPlan, quarters: Sequence[Quarter], suggested: str = "", **kwargs):
        """`suggested` says where the quarter's first choice comes from."""
        super().__init__(*args, **kwargs)
        # The page says what is missing; the browser's own bubble would say it in other words and only once.
        self.use_required_attribute = False
        self.plan = plan
        words = [(quarter.code, f"{quarter.label}, {quarter.words}") for quarter in quarters]
        self.fields["quarter"].choices = [("", "Choose a quarter"), *words]
        self.fields["quarter"].help_text = suggested
        for place, one in enumerate(plan.measures):
            for name in one.asks:
                self.fields[f"m{place}_{name}"] = _field(name, one)

    def of(self, place: int) -> list[forms.BoundField]:
        """The fields of one measure, in the order that they are asked."""
        return [self[f"m{place}_{name}"] for name in self.plan.measures[place].asks]

    def clean(self) -> dict:
        cleaned = super().clean()
        places = {one.printed.code: place for place, one in enumerate(self.plan.measures)}
        for (code, name), sentence in lacking(self.plan, self.measures).items():
            field = f"m{places[code]}_{name}"
            if field not in self.errors:
                self.add_error(field, sentence)
        return cleaned

    @property
    def measures(self) -> dict[str, Choice]:
        return {one.printed.code: self._choice(place) for place, one in enumerate(self.plan.measures)}

    def _choice(self, place: int) -> Choice:
        said = {
            name: self.cleaned_data.get(f"m{place}_{name}", "") for name in ("title", "section", "kind", "polarity")
        }
        return Choice(
            title=said["title"],
            section=said["section"],
            kind=Kind(said["kind"]) if said["kind"] else None,
            polarity=Polarity(said["polarity"]) if said["polarity"] else None,
        )

    @property
    def choices(self) -> Choices:
        return Choices(Quarter.parse(self.cleaned_data["quarter"]), self.measures, self.cleaned_data["digest"])


def _field(name: str, one: MeasurePlan) -> forms.Field:
    said = {
        "label": LABELS[name],
        "initial": getattr(one.offered, name),
        "error_messages": {"required": wanted(one, name)},
    }
    if name in LONGEST:
        return forms.CharField(**said)
    if name == "kind":
        choices = [(kind.value, words) for kind, words in KINDS.items()]
    else:
        allowed = [polarity for polarity in Polarity if one.aim is None or polarity is not Polarity.NEUTRAL]
        choices = [(polarity.value, POLARITIES[polarity]) for polarity in allowed]
    hint = (
        "Suggested: the tolerance stands on that side of the target." if name == "polarity" and said["initial"] else ""
    )
    return forms.ChoiceField(**said, choices=choices, help_text=hint, widget=forms.RadioSelect)
