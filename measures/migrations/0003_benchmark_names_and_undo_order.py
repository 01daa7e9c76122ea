"""What benchmarks told apart without regard to capitals, versions that are never used twice, and imports undone in
order need of the rows that are there. The constraint comes with the next migration: PostgreSQL changes no table in the
transaction that rewrote its rows.

England's figures from before benchmarks had a scope become national ones. Where a series has two figures of one
comparator and period that differ in capitals alone, both are kept: the first stays, each later one is named
"England (2)" and so on, for somebody to compare and to remove one.
"""

from django.db import migrations, models
from django.db.models import F, Max

LONGEST = 80


def set_scopes(apps, schema_editor):
    rows = apps.get_model("measures", "Benchmark").objects.filter(scope="other")
    rows.filter(comparator__iexact="england").update(scope="national")


def rename_repeated(apps, schema_editor):
    rows = list(apps.get_model("measures", "Benchmark").objects.order_by("pk"))
    taken = {_key(row) for row in rows}
    seen = set()
    for row in rows:
        if _key(row) in seen:
            name, number = row.comparator, 2
            while _key(row) in taken:
                ending = f" ({number})"
                row.comparator = name[: LONGEST - len(ending)] + ending
                number += 1
            # Whoever has it open sees that it changed.
            row.version += 1
            row.save(update_fields=["comparator", "version"])
            taken.add(_key(row))
        seen.add(_key(row))


def _key(row):
    return row.series_id, row.comparator.lower(), row.period_kind, row.start


def start_versions(apps, schema_editor):
    """Above every version that is known of: those held, and those that imports gave."""
    last = {}
    for name in ("Benchmark", "ImportChange"):
        rows = apps.get_model("measures", name).objects.exclude(comparator="").order_by()
        for series, version in rows.values_list("series").annotate(Max("version")):
            last[series] = max(version, last.get(series, 0))
    for series, version in last.items():
        apps.get_model("measures", "Series").objects.filter(pk=series).update(last_benchmark_version=version)


def fill_replaced(apps, schema_editor):
    """Until now a version moved on by one alone."""
    changes = apps.get_model("measures", "ImportChange").objects.filter(old__isnull=False)
    changes.update(replaced=F("version") - 1)


def leave(apps, schema_editor):
    """Going back: names and scopes stay, the new columns go by themselves."""


class Migration(migrations.Migration):
    dependencies = [("measures", "0002_imports_and_benchmark_scope")]

    operations = [
        migrations.AddField(
            model_name="series",
            name="last_benchmark_version",
            field=models.PositiveIntegerField(
                default=0,
                help_text="The highest version of a benchmark that was removed or renamed: none is used twice.",
            ),
        ),
        migrations.AddField(
            model_name="importchange",
            name="replaced",
            field=models.PositiveIntegerField(
                default=0, help_text="The version that it took the place of; 0 for none."
            ),
        ),
        migrations.RunPython(set_scopes, leave),
        migrations.RunPython(rename_repeated, leave),
        migrations.RunPython(start_versions, leave),
        migrations.RunPython(fill_replaced, leave),
    ]
