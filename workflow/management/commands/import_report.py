"""`manage.py import_report`: an old committee paper into a past quarter, with the page's preview as text."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from accounts.denial import NotKnown
from accounts.models import User
from accounts.roles import Party, Who
from accounts.viewer import Viewer, viewer_of
from measures.imports.kinds import is_paper
from measures.management.files import FileCommand, uploaded
from measures.quarters import Quarter
from measures.rating import Polarity
from measures.terms import Kind
from workflow.papers import comparing, holding, loading, parsing, reading, suggesting
from workflow.papers.plans import Choice, Choices, MeasurePlan, PaperPlan, Stand, lacking
from workflow.papers.shapes import Paper

# What the command ends with where something was left out; 1 where nothing was brought in.
SOME_LEFT_OUT = 3
OPTIONS: Mapping[str, type] = {"title": str, "section": str, "kind": Kind, "polarity": Polarity}
VALUES = {
    "title": "TEXT",
    "section": "TEXT",
    "kind": "contractual|volumetric|local",
    "polarity": "higher|lower|neutral",
}
NOT_A_PAPER = "This is no old committee paper. `manage.py import_values` brings in lists of figures."
NO_QUARTER = "The file does not say certainly which quarter it is of. Give it: --quarter 2018-Q2"
STANDS = {Stand.NEW: "new", Stand.HELD: "held already", Stand.LEFT: "left out"}
PARTIES = {Party.COMMISSIONER: "response", Party.PROVIDER: "comment"}


class Command(FileCommand):
    help = (
        "Brings an old committee paper into a past quarter: measures and first targets that are missing, values and "
        "both texts. Ends with 0 when all of it was understood, with 3 when something was left out, with 1 when "
        "nothing was brought in."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--quarter", metavar="QUARTER", help="such as 2018-Q2, where the file does not name it")
        parser.add_argument("--by", metavar="EMAIL", help="the administrator who does it (the only one)")
        for name in OPTIONS:
            parser.add_argument(f"--{name}", action="append", default=[], metavar=f"CODE={name.upper()}")

    def bring_in(self, name: str, content: bytes, options: dict) -> None:
        by = _administrator(options["contract"], options["by"])
        if content and not is_paper(name, content):
            raise CommandError(NOT_A_PAPER)
        paper = parsing.parse(reading.read(name, content))
        quarter = _quarter(options["quarter"], name, paper)
        limit = holding.limit_of(by.contract, now=timezone.now())
        if problem := comparing.quarter_problem(paper, quarter, limit):
            raise CommandError(problem)
        plan = comparing.compare(paper, by.contract, quarter, source=hashlib.sha256(content).hexdigest())
        choices = _choices(plan, options)
        self.stdout.write("\n".join(_shown(plan, choices)))
        if missing := lacking(plan, choices):
            raise CommandError("\n".join(["Nothing was brought in.", *_what_is_missing(missing)]))
        if plan.brings_nothing:
            self.stdout.write("There is nothing to bring in.")
        elif not options["dry_run"]:
            self._load(by, name, content, Choices(quarter, choices, plan.digest))
        if plan.left_out:
            raise SystemExit(SOME_LEFT_OUT)

    def _load(self, by: Viewer, name: str, content: bytes, choices: Choices) -> None:
        now = timezone.now()
        with uploaded(by=by, name=name, content=content, now=now) as batch:
            loading.load_paper(by=by, batch=batch, choices=choices, now=now)
        self.stdout.write(f"Brought into {choices.quarter.label} as batch {batch.pk}.")


def _administrator(slug: str, email: str | None) -> Viewer:
    """CommandError where it is not certain who does it, or no administrator."""
    found = User.objects.filter(is_active=True, is_staff=True)
    users = list(found.filter(email=email.lower()) if email else found)
    if email and not users:
        raise CommandError(f"No administrator has the e-mail address {email}.")
    if len(users) != 1:
        raise CommandError(f"There are {len(users)} administrators. Say who does it: --by EMAIL")
    try:
        viewer = viewer_of(users[0], slug, at_console=True)
    except NotKnown as unknown:
        raise CommandError(f"There is no contract {slug}.") from unknown
    # A member of the contract cannot be an administrator.
    assert viewer.who is Who.ADMINISTRATOR
    return viewer


def _quarter(given: str | None, name: str, paper: Paper) -> Quarter:
    if given is None:
        quarter = suggesting.quarter_of(name, paper)
        if quarter is None:
            raise CommandError(NO_QUARTER)
        return quarter
    try:
        return Quarter.parse(given)
    except ValueError as error:
        raise CommandError(f"{error} Write it like 2018-Q2.") from error


def _choices(plan: PaperPlan, options: dict) -> dict[str, Choice]:
    """What the paper lets one suppose, and over it what was said."""
    found = {one.printed.code: one.offered for one in plan.measures}
    for name, kind in OPTIONS.items():
        for said in options[name]:
            code, equals, value = said.partition("=")
            if code not in found or not equals:
                raise CommandError(
                    f"--{name} {said}: write CODE={name.upper()}, a code being one of {', '.join(found)}."
                )
            try:
                found[code] = replace(found[code], **{name: kind(value)})
            except ValueError as error:
                raise CommandError(f"--{name} {said}: use {VALUES[name]}.") from error
    return found


def _what_is_missing(missing: Mapping[tuple[str, str], str]) -> Iterator[str]:
    for (code, name), sentence in missing.items():
        yield f"{sentence} --{name} {code}={VALUES[name]}"


def _shown(plan: PaperPlan, choices: Mapping[str, Choice]) -> Iterator[str]:
    yield f"{plan.quarter.label}: {plan.answer}."
    yield from plan.told
    for one in plan.measures:
        yield from _measure(one, choices[one.printed.code])
    for issue in plan.issues:
        place = f"{issue.sheet}, row {issue.row}" if issue.sheet else f"line {issue.row}"
        yield f"! {place}, {issue.column}: read “{issue.read}”. {issue.why} {issue.remedy}"


def _measure(one: MeasurePlan, choice: Choice) -> Iterator[str]:
    title = one.measure.title if one.measure else choice.title
    said = [f"{name} {getattr(choice, name)}" for name in one.asks if name != "title" and getattr(choice, name)]
    yield f"\n{one.code} {title or '(no title)'}: " + (
        "held here" if one.measure else ", ".join(["new measure", *said])
    )
    for value in one.values:
        if value.printed:
            yield f"  {value.code}: {value.printed}, {_stand(value)}"
    if one.aim:
        yield f"  {one.aim.printed}, {_stand(one.aim)}"
    for party, text in one.texts.items():
        held = "another text is held, which stays" if text.stand is Stand.DIFFERENT else STANDS[text.stand]
        yield f"  {PARTIES[party]}, {len(text.html):,} characters, {held}"


def _stand(one) -> str:
    return f"held: {one.held}, which stays" if one.stand is Stand.DIFFERENT else STANDS[one.stand]
