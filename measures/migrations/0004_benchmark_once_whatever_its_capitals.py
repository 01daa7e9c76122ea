from django.db import migrations, models
from django.db.models.functions import Lower


class Migration(migrations.Migration):
    dependencies = [("measures", "0003_benchmark_names_and_undo_order")]

    operations = [
        migrations.RemoveConstraint(model_name="benchmark", name="benchmark_once_a_period"),
        migrations.AddConstraint(
            model_name="benchmark",
            constraint=models.UniqueConstraint(
                models.F("series"),
                Lower("comparator"),
                models.F("period_kind"),
                models.F("start"),
                name="benchmark_once_a_period",
            ),
        ),
    ]
