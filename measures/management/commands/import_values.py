"""`manage.py import_values`: a file of any length, with the same preview as text."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from accounts.denial import NotKnown
from accounts.models import Membership, User
from accounts.roles import Role
from accounts.viewer import Viewer, viewer_of
from measures.import_pages import IssueRow, Section, sections
from measures.imports import batches, guessing, knowledge, preview, reading
from measures.imports.issues import Asked, Question
from measures.imports.kinds import is_paper
from measures.imports.mapping import Mapping
from measures.imports.plan import Plan
from measures.imports.words import answer, counted
from measures.management.files import FileCommand, uploaded
from measures.models import ImportBatch

# What the command ends with, beside 0 for a file that is understood to its last row and 1 for one not imported.
SOME_REFUSED = 3
PAPER = "This looks like an old committee paper. `manage.py import_report` brings those in."
BY_HEADINGS = "The command goes by the headings: head the columns as the template does, or use the import page."
UNCHECKED = "Some figures look out of scale. Check them, then repeat this with --accept-warnings."


class Command(FileCommand):
    help = (
        "Brings in values from a CSV or Excel file of any length. Ends with 0 when all of it is understood, with 3 "
        "when some rows were refused, with 1 when nothing was imported."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--by", metavar="EMAIL", help="who does it (the contract's only analyst)")
        parser.add_argument(
            "--answer", action="append", default=[], metavar="QUESTION=CHOICE", help="to what the file leaves open"
        )
        parser.add_argument("--reason", default="", help="why values change that others may have read")
        parser.add_argument("--accept-warnings", action="store_true", help="figures out of scale were checked")

    def bring_in(self, name: str, content: bytes, options: dict) -> None:
        by = person(options["contract"], options["by"])
        answers = answers_of(options["answer"])
        now = timezone.now()
        if is_paper(name, content):
            raise CommandError(PAPER)
        known = knowledge.of(by, now=now)
        book = reading.read(name, content, most_rows=None)
        mapping, _ = preview.guessed(book, known, by)
        batches.check_layout(by, mapping)
        mapping = replace(mapping, answers={**mapping.answers, **answers})
        plan = preview.plan_of(book, mapping, known, sha256=hashlib.sha256(content).hexdigest())
        self._show(plan, sections(plan, known.known, most=None))
        stop(guessing.missing(mapping), plan, options)
        if not options["dry_run"]:
            with uploaded(by=by, name=name, content=content, now=now, most_rows=None) as batch:
                done = self._confirm(by, batch, mapping, plan, options)
            number = done.counts["new"] + done.counts["changed"]
            self.stdout.write(f"{counted(number, 'value')} imported as batch {done.pk}.")
        if plan.refused:
            raise SystemExit(SOME_REFUSED)

    def _confirm(self, by: Viewer, batch: ImportBatch, mapping: Mapping, plan: Plan, options: dict) -> ImportBatch:
        batches.remap(by=by, batch=batch, mapping=mapping)
        return batches.confirm(
            by=by,
            batch=batch,
            digest=plan.digest,
            now=timezone.now(),
            reason=options["reason"],
            accepted=options["accept_warnings"],
            most_rows=None,
        )

    def _show(self, plan: Plan, found: Iterable[Section]) -> None:
        for sentence in plan.told:
            self.stdout.write(sentence)
        for section in found:
            self.stdout.write(f"\n{section.title} ({section.total:,})")
            for row in section.rows:
                self.stdout.write(f"  {line(row)}")
            if section.more:
                self.stdout.write(f"  {section.more}")
        self.stdout.write(f"\n{answer(preview.counts_of(plan))}.")


def line(row) -> str:
    if isinstance(row, IssueRow):
        column = f", column {row.column}" if row.column else ""
        read = f" read “{row.read}”." if row.read else ""
        return f"{row.place}{column}:{read} {row.why} {row.remedy}"
    return f"{row.place}: {row.code} {row.name}, {row.period}: {row.words}"


def stop(missing: list[str], plan: Plan, options: dict) -> None:
    """CommandError where the file cannot be imported as it is."""
    if missing:
        raise CommandError(" ".join([*missing, BY_HEADINGS]))
    if plan.asked:
        raise CommandError("\n".join(["The file leaves something open:", *map(question, plan.asked)]))
    if preview.needs_tick(plan) and not options["accept_warnings"] and not options["dry_run"]:
        raise CommandError(UNCHECKED)


def question(asked: Asked) -> str:
    choices = [f"  --answer {asked.question.value}={choice.value}  {choice.words}" for choice in asked.choices]
    return "\n".join([asked.sentence, *choices])


def person(contract: str, email: str | None) -> Viewer:
    """Who imports: the one named, else the contract's only active analyst."""
    if email is None:
        members = Membership.objects.filter(contract__slug=contract, role=Role.ANALYST, user__is_active=True)
        users = [member.user for member in members.select_related("user")]
        if len(users) != 1:
            raise CommandError(f"{contract} has {counted(len(users), 'active analyst')}. Name one with --by.")
    else:
        users = list(User.objects.filter(email=email.lower(), is_active=True))
        if not users:
            raise CommandError(f"Nobody signs in as {email}.")
    try:
        return viewer_of(users[0], contract, at_console=True)
    except NotKnown as unknown:
        raise CommandError(f"{users[0].email} has no part in a contract called {contract}.") from unknown


def answers_of(given: Iterable[str]) -> dict[str, str]:
    """By question. CommandError for one that is not known."""
    found = {}
    for each in given:
        name, _, choice = each.partition("=")
        if name not in set(Question) or not choice:
            known = ", ".join(Question)
            raise CommandError(f"{each} is no answer. Give a question and its choice, as in {known}.")
        found[name] = choice
    return found
