"""`manage.py import_values`: a file of any length, with the same preview as text."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.denial import Denied, NotKnown
from accounts.models import Membership, User
from accounts.roles import Role
from accounts.viewer import Viewer, viewer_of
from measures.import_pages import IssueRow, Section, sections
from measures.imports import batches, guessing, knowledge, preview, reading
from measures.imports.cells import Unreadable
from measures.imports.issues import Asked, Question
from measures.imports.kinds import is_paper, safe_name
from measures.imports.plan import Plan
from measures.imports.words import answer, counted
from measures.writing import Invalid

# What the command ends with, beside 0 for a file that is understood to its last row and 1 for one not imported.
SOME_REFUSED = 3
PAPER = "This looks like an old committee paper. `manage.py import_report` brings those in."
UNCHECKED = "Some figures look out of scale. Check them, then repeat this with --accept-warnings."


class Command(BaseCommand):
    help = (
        "Brings in values from a CSV or Excel file of any length. Ends with 0 when all of it is understood, with 3 "
        "when some rows were refused, with 1 when nothing was imported."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--contract", required=True, metavar="SLUG", help="as in the contract's addresses")
        parser.add_argument("--dry-run", action="store_true", help="show what would change, and store nothing")
        parser.add_argument("--by", metavar="EMAIL", help="who does it (the contract's only analyst)")
        parser.add_argument(
            "--answer", action="append", default=[], metavar="QUESTION=CHOICE", help="to what the file leaves open"
        )
        parser.add_argument("--reason", default="", help="why values change that others may have read")
        parser.add_argument("--accept-warnings", action="store_true", help="figures out of scale were checked")

    def handle(self, *args, **options) -> None:
        try:
            self._run(options)
        except (Unreadable, Denied) as refused:
            raise CommandError(refused.sentence) from refused
        except Invalid as invalid:
            raise CommandError(" ".join(invalid.errors.values())) from invalid

    def _run(self, options: dict) -> None:
        path: Path = options["file"]
        try:
            content = path.read_bytes()
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        by = person(options["contract"], options["by"])
        answers = answers_of(options["answer"])
        name, now = safe_name(path.name), timezone.now()
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
            batch = batches.upload(by=by, name=name, content=content, now=now, most_rows=None)
            self._confirm(by, batch, mapping, plan, options)
        if plan.refused:
            raise SystemExit(SOME_REFUSED)

    def _confirm(self, by: Viewer, batch, mapping, plan: Plan, options: dict) -> None:
        try:
            batches.remap(by=by, batch=batch, mapping=mapping)
            done = batches.confirm(
                by=by,
                batch=batch,
                digest=plan.digest,
                now=timezone.now(),
                reason=options["reason"],
                accepted=options["accept_warnings"],
                most_rows=None,
            )
        except Exception:
            batches.discard(by=by, batch=batch)
            raise
        number = done.counts["new"] + done.counts["changed"]
        self.stdout.write(f"{counted(number, 'value')} imported as batch {done.pk}.")

    def _show(self, plan: Plan, found: Iterable[Section]) -> None:
        for sentence in plan.told:
            self.stdout.write(sentence)
        for section in found:
            self.stdout.write(f"\n{section.title} ({section.total:,})")
            for row in section.rows:
                self.stdout.write(f"  {line(row)}")
        self.stdout.write(f"\n{answer(preview.counts_of(plan))}.")


def line(row) -> str:
    if isinstance(row, IssueRow):
        column = f", column {row.column}" if row.column else ""
        read = f" read “{row.read}”." if row.read else ""
        return f"{row.place}{column}:{read} {row.why} {row.remedy}"
    change = f"{row.old} becomes {row.new}" if row.old and row.old != row.new else row.new
    return f"{row.place}: {row.code} {row.name}, {row.period}: {change}"


def stop(missing: list[str], plan: Plan, options: dict) -> None:
    """CommandError where the file cannot be imported as it is."""
    if missing:
        raise CommandError(" ".join(missing))
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
        return viewer_of(users[0], contract)
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
