"""When the regular jobs ran last."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("malaka_portal", "0011_rate_count"),
    ]

    operations = [
        migrations.CreateModel(
            name="JobRun",
            fields=[
                (
                    "name",
                    models.CharField(
                        max_length=60, primary_key=True, serialize=False, verbose_name="job"
                    ),
                ),
                ("started_at", models.DateTimeField(null=True, verbose_name="started at")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="finished at")),
                ("done_at", models.DateTimeField(null=True, verbose_name="last done at")),
                ("error", models.CharField(blank=True, max_length=100, verbose_name="error")),
            ],
            options={
                "verbose_name": "regular job",
                "verbose_name_plural": "regular jobs",
                "ordering": ["name"],
            },
        ),
    ]
