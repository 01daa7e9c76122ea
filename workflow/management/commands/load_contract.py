"""`manage.py load_contract`: a whole contract from its workbook, with the page's preview as text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.denial import Denied, Invalid
from accounts.models import User
from measures.imports.cells import Unreadable
from measures.imports.issues import Issue
from measures.imports.kinds import safe_name
from workflow.contract_books import loading
from workflow.contract_books.opening import open_file
from workflow.contract_books.planning import Plan


class Command(BaseCommand):
    help = (
        "Makes a contract from its workbook, or fills one that has no measures yet: all of it or nothing. Ends with 0 "
        "when it was made (or could be, with --dry-run), with 1 when something is to be mended first."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="show what would be made, and store nothing")
        parser.add_argument("--by", metavar="EMAIL", help="the administrator who does it (the only one)")

    def handle(self, *args, **options) -> None:
        by = _administrator(options["by"])
        path: Path = options["file"]
        try:
            content = path.read_bytes()
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        try:
            opened = open_file(safe_name(path.name), content, most_rows=None)
        except Unreadable as unreadable:
            raise CommandError(unreadable.sentence) from unreadable
        self._say([*opened.told, *map(_issue, opened.issues)])
        if opened.refused:
            number = len(opened.refused)
            raise CommandError(f"Nothing was stored: {number} {'thing' if number == 1 else 'things'} to mend first.")
        assert opened.plan is not None
        self._say(_planned(opened.plan))
        if options["dry_run"]:
            self._say(["Nothing was stored: this was a dry run."])
            return
        try:
            made = loading.load_contract(
                by=by,
                book=opened.plan.book,
                digest=opened.plan.digest,
                sha256=opened.sha256,
                now=timezone.now(),
            )
        except Denied as denied:
            raise CommandError(denied.sentence) from denied
        except Invalid as invalid:
            raise CommandError(f"Nothing was stored: {invalid}") from invalid
        self._say([f"Stored. Its set-up page is /c/{made.slug}/set-up/."])

    def _say(self, lines: list[str] | Iterator[str]) -> None:
        for line in lines:
            self.stdout.write(line)


def _administrator(email: str | None) -> User:
    """CommandError where it is not certain who does it, or no administrator."""
    found = User.objects.filter(is_active=True, is_staff=True)
    users = list(found.filter(email=email.lower()) if email else found)
    if email and not users:
        raise CommandError(f"No administrator has the e-mail address {email}.")
    if len(users) != 1:
        raise CommandError(f"There are {len(users)} administrators. Say who does it: --by EMAIL")
    return users[0]


def _issue(issue: Issue) -> str:
    place = ", ".join([issue.sheet, *([f"row {issue.row}"] if issue.row else []), *filter(None, [issue.column])])
    read = f" Read “{issue.read}”." if issue.read else ""
    return f"{'!' if issue.severity == 'refused' else '?'} {place}:{read} {issue.why} {issue.remedy}"


def _planned(plan: Plan) -> Iterator[str]:
    yield f"{plan.answer}."
    for who, is_held in plan.organisations:
        yield f"  {who}, {is_held}"
    yield from (f"  {change}" for change in plan.changes)
    for measure in plan.measures:
        yield f"  {measure.code} {measure.title}: {measure.kind.lower()}, {measure.span}"
        for series in measure.series:
            target = f", target {series.target}" if series.target else ""
            yield f"    {series.code} {series.name}: {series.about.lower()}{target}"
