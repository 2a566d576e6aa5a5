"""The letterhead of printed papers, and who signs them."""

import django.core.validators
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import malaka_portal.fields
import malaka_portal.files


class Migration(migrations.Migration):
    dependencies = [
        ("malaka_portal", "0012_job_run"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name="Letterhead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created at")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated at")),
                (
                    "version",
                    models.PositiveIntegerField(
                        db_default=1, default=1, editable=False, verbose_name="version"
                    ),
                ),
                (
                    "valid_from",
                    malaka_portal.fields.PortalDateField(
                        error_messages={
                            "unique": "There is a letterhead from this day on already."
                        },
                        unique=True,
                        verbose_name="valid from",
                    ),
                ),
                (
                    "institution",
                    models.CharField(
                        blank=True,
                        help_text="The upper line, for example PEMERINTAH KABUPATEN MALAKA.",
                        max_length=100,
                        verbose_name="institution",
                    ),
                ),
                (
                    "office",
                    models.CharField(
                        help_text="The line in large letters.",
                        max_length=150,
                        verbose_name="name of the office",
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="address")),
                (
                    "contact",
                    models.CharField(
                        blank=True,
                        help_text="In one line.",
                        max_length=200,
                        verbose_name="telephone, e-mail, website",
                    ),
                ),
                (
                    "logo",
                    malaka_portal.files.PrivateFileField(
                        blank=True,
                        help_text="A picture, best a square one without background.",
                        upload_to="letterheads",
                        verbose_name="coat of arms",
                    ),
                ),
                (
                    "place",
                    models.CharField(
                        help_text="It stands before the date.",
                        max_length=60,
                        verbose_name="place of signing",
                    ),
                ),
                (
                    "signatory_title",
                    models.CharField(
                        help_text="For example Kepala Dinas Koperasi.",
                        max_length=150,
                        verbose_name="office of who signs",
                    ),
                ),
                (
                    "signatory_name",
                    models.CharField(blank=True, max_length=100, verbose_name="name of who signs"),
                ),
                (
                    "signatory_rank",
                    models.CharField(blank=True, max_length=60, verbose_name="rank of who signs"),
                ),
                (
                    "signatory_number",
                    models.CharField(
                        blank=True,
                        max_length=18,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^\\d{18}$", "A NIP has 18 digits."
                            )
                        ],
                        verbose_name="NIP of who signs",
                    ),
                ),
            ],
            options={
                "verbose_name": "letterhead",
                "verbose_name_plural": "letterheads",
                "ordering": ["-valid_from"],
            },
        ),
        migrations.CreateModel(
            name="LetterheadEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("id", models.BigIntegerField()),
                (
                    "version",
                    models.PositiveIntegerField(
                        db_default=1, default=1, editable=False, verbose_name="version"
                    ),
                ),
                (
                    "valid_from",
                    malaka_portal.fields.PortalDateField(
                        error_messages={
                            "unique": "There is a letterhead from this day on already."
                        },
                        verbose_name="valid from",
                    ),
                ),
                (
                    "institution",
                    models.CharField(
                        blank=True,
                        help_text="The upper line, for example PEMERINTAH KABUPATEN MALAKA.",
                        max_length=100,
                        verbose_name="institution",
                    ),
                ),
                (
                    "office",
                    models.CharField(
                        help_text="The line in large letters.",
                        max_length=150,
                        verbose_name="name of the office",
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="address")),
                (
                    "contact",
                    models.CharField(
                        blank=True,
                        help_text="In one line.",
                        max_length=200,
                        verbose_name="telephone, e-mail, website",
                    ),
                ),
                (
                    "logo",
                    malaka_portal.files.PrivateFileField(
                        blank=True,
                        help_text="A picture, best a square one without background.",
                        upload_to="letterheads",
                        verbose_name="coat of arms",
                    ),
                ),
                (
                    "place",
                    models.CharField(
                        help_text="It stands before the date.",
                        max_length=60,
                        verbose_name="place of signing",
                    ),
                ),
                (
                    "signatory_title",
                    models.CharField(
                        help_text="For example Kepala Dinas Koperasi.",
                        max_length=150,
                        verbose_name="office of who signs",
                    ),
                ),
                (
                    "signatory_name",
                    models.CharField(blank=True, max_length=100, verbose_name="name of who signs"),
                ),
                (
                    "signatory_rank",
                    models.CharField(blank=True, max_length=60, verbose_name="rank of who signs"),
                ),
                (
                    "signatory_number",
                    models.CharField(
                        blank=True,
                        max_length=18,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^\\d{18}$", "A NIP has 18 digits."
                            )
                        ],
                        verbose_name="NIP of who signs",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="letterhead",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "malaka_portal_letterheadevent" ("address", "contact", "id", "institution", "logo", "office", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "signatory_name", "signatory_number", "signatory_rank", "signatory_title", "valid_from", "version") SELECT new_values."address", new_values."contact", new_values."id", new_values."institution", new_values."logo", new_values."office", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."place", new_values."signatory_name", new_values."signatory_number", new_values."signatory_rank", new_values."signatory_title", new_values."valid_from", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="af5925475fb99e246e9925c4a665ec751f5c6c39",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_ee1cf",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="malaka_portal_letterhead",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="letterhead",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "malaka_portal_letterheadevent" ("address", "contact", "id", "institution", "logo", "office", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "signatory_name", "signatory_number", "signatory_rank", "signatory_title", "valid_from", "version") SELECT new_values."address", new_values."contact", new_values."id", new_values."institution", new_values."logo", new_values."office", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."place", new_values."signatory_name", new_values."signatory_number", new_values."signatory_rank", new_values."signatory_title", new_values."valid_from", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."address" IS DISTINCT FROM (new_values."address") OR old_values."contact" IS DISTINCT FROM (new_values."contact") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."institution" IS DISTINCT FROM (new_values."institution") OR old_values."logo" IS DISTINCT FROM (new_values."logo") OR old_values."office" IS DISTINCT FROM (new_values."office") OR old_values."place" IS DISTINCT FROM (new_values."place") OR old_values."signatory_name" IS DISTINCT FROM (new_values."signatory_name") OR old_values."signatory_number" IS DISTINCT FROM (new_values."signatory_number") OR old_values."signatory_rank" IS DISTINCT FROM (new_values."signatory_rank") OR old_values."signatory_title" IS DISTINCT FROM (new_values."signatory_title") OR old_values."valid_from" IS DISTINCT FROM (new_values."valid_from") OR old_values."version" IS DISTINCT FROM (new_values."version")) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="2e2b63770bec0bdfe17f9399ceafdf44365e20dd",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_444fd",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="malaka_portal_letterhead",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="letterhead",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "malaka_portal_letterheadevent" ("address", "contact", "id", "institution", "logo", "office", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "signatory_name", "signatory_number", "signatory_rank", "signatory_title", "valid_from", "version") SELECT old_values."address", old_values."contact", old_values."id", old_values."institution", old_values."logo", old_values."office", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."place", old_values."signatory_name", old_values."signatory_number", old_values."signatory_rank", old_values."signatory_title", old_values."valid_from", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="55bc72795d9f957d7168468fb598623145762b14",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_c0c08",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="malaka_portal_letterhead",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="letterhead",
            trigger=pgtrigger.compiler.Trigger(
                name="version",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."address" IS DISTINCT FROM (NEW."address") OR OLD."contact" IS DISTINCT FROM (NEW."contact") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."institution" IS DISTINCT FROM (NEW."institution") OR OLD."logo" IS DISTINCT FROM (NEW."logo") OR OLD."office" IS DISTINCT FROM (NEW."office") OR OLD."place" IS DISTINCT FROM (NEW."place") OR OLD."signatory_name" IS DISTINCT FROM (NEW."signatory_name") OR OLD."signatory_number" IS DISTINCT FROM (NEW."signatory_number") OR OLD."signatory_rank" IS DISTINCT FROM (NEW."signatory_rank") OR OLD."signatory_title" IS DISTINCT FROM (NEW."signatory_title") OR OLD."valid_from" IS DISTINCT FROM (NEW."valid_from") OR OLD."version" IS DISTINCT FROM (NEW."version"))',
                    func="NEW.version = OLD.version + 1; RETURN NEW;",
                    hash="6f8fe9fd9a2e91ef02b793b39efdb27880870c96",
                    operation="UPDATE",
                    pgid="pgtrigger_version_40262",
                    table="malaka_portal_letterhead",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddField(
            model_name="letterheadevent",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="letterheadevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="history_events",
                to="malaka_portal.letterhead",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="letterheadevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="178f09dc8a276a8d4767bf7247d96d456deefc07",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_c6a31",
                    table="malaka_portal_letterheadevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
