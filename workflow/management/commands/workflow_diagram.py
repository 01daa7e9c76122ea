"""`manage.py workflow_diagram`: prints docs/workflow.md."""

from django.core.management.base import BaseCommand

from workflow import diagram


class Command(BaseCommand):
    help = "Prints the page about the workflow, drawn from the tables of moves and rights."

    def handle(self, *args, **options):
        self.stdout.write(diagram.page(), ending="")
