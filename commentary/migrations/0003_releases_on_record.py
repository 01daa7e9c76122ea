"""Each release has a row of its own in the record from now on: so get the texts that are released when the program
learns of it. Of releases taken back or replaced before then only the audit chain tells.

Alone in its migration: PostgreSQL changes no table in the transaction that wrote its rows.
"""

from django.db import migrations
from django.db.models import Exists, OuterRef


def note_releases(apps, schema_editor):
    """Not in past quarters, whose texts were brought in: nobody released them."""
    version = apps.get_model("commentary", "PaneVersion")
    noted = version.objects.filter(
        pane=OuterRef("pk"), kind="released", version=OuterRef("released_version"), at=OuterRef("released_at")
    )
    panes = apps.get_model("commentary", "Pane").objects.filter(~Exists(noted), released__isnull=False)
    version.objects.bulk_create(
        version(
            pane=pane,
            version=pane.released_version,
            kind="released",
            text=pane.released,
            by_id=pane.released_by_id,
            at=pane.released_at,
        )
        for pane in panes.exclude(cycle__state="past").exclude(released_by=None).order_by("pk")
    )


def leave(apps, schema_editor):
    """Going back: the rows stay, and are not made twice."""


class Migration(migrations.Migration):
    dependencies = [("commentary", "0002_restored_versions")]

    operations = [migrations.RunPython(note_releases, leave)]
