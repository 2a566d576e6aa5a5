"""How many of everything, counted by triggers; and since when an annual meeting is owed."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import cooperatives.models.annual_meeting

# Whoever is on record already is counted; from here on the triggers keep the numbers.
BACKFILL = """
INSERT INTO cooperatives_cooperativesummary (cooperative_id, members_male, members_female, members_unknown, members_left, members_withheld, enterprises, enterprises_closed, products, products_published, requests_waiting)
SELECT c.id, members_male, members_female, members_unknown, members_left, members_withheld, enterprises, enterprises_closed, products, products_published, requests_waiting
FROM cooperatives_cooperative c
LEFT JOIN LATERAL (SELECT count(*) FILTER (WHERE r.left_on IS NULL AND NOT r.is_withheld AND p.sex = 'L') AS members_male
    , count(*) FILTER (WHERE r.left_on IS NULL AND NOT r.is_withheld AND p.sex = 'P') AS members_female
    , count(*) FILTER (WHERE r.left_on IS NULL AND NOT r.is_withheld AND p.sex NOT IN ('L', 'P')) AS members_unknown
    , count(*) FILTER (WHERE r.left_on IS NOT NULL AND NOT r.is_withheld) AS members_left
    , count(*) FILTER (WHERE r.left_on IS NULL AND r.is_withheld) AS members_withheld FROM cooperatives_member r JOIN cooperatives_person p ON p.id = r.person_id WHERE r.cooperative_id = c.id) AS of_cooperatives_member ON true
LEFT JOIN LATERAL (SELECT count(*) FILTER (WHERE r.status <> 'closed') AS enterprises
    , count(*) FILTER (WHERE r.status = 'closed') AS enterprises_closed FROM cooperatives_enterprise r  WHERE r.cooperative_id = c.id) AS of_cooperatives_enterprise ON true
LEFT JOIN LATERAL (SELECT count(*) FILTER (WHERE NOT r.is_published) AS products
    , count(*) FILTER (WHERE r.is_published) AS products_published FROM cooperatives_product r  WHERE r.cooperative_id = c.id) AS of_cooperatives_product ON true
LEFT JOIN LATERAL (SELECT count(*) FILTER (WHERE r.status = 'new') AS requests_waiting FROM cooperatives_quoterequest r  WHERE r.cooperative_id = c.id) AS of_cooperatives_quoterequest ON true
WHERE true
ON CONFLICT (cooperative_id) DO NOTHING
"""
# "What happened lately" in one register, without reading its whole history.
RECENT = """
CREATE INDEX cooperatives_memberevent_recent
ON cooperatives_memberevent (cooperative_id, pgh_id)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cooperatives", "0009_photos_and_publishing"),
        ("malaka_portal", "0012_job_run"),
    ]

    operations = [
        migrations.CreateModel(
            name="CooperativeSummary",
            fields=[
                (
                    "members_male",
                    models.IntegerField(db_default=0, default=0, verbose_name="members now, men"),
                ),
                (
                    "members_female",
                    models.IntegerField(db_default=0, default=0, verbose_name="members now, women"),
                ),
                (
                    "members_unknown",
                    models.IntegerField(
                        db_default=0, default=0, verbose_name="members now, sex unknown"
                    ),
                ),
                (
                    "members_left",
                    models.IntegerField(
                        db_default=0, default=0, verbose_name="lines that are closed"
                    ),
                ),
                (
                    "members_withheld",
                    models.IntegerField(
                        db_default=0,
                        default=0,
                        verbose_name="members now who object to being recorded",
                    ),
                ),
                (
                    "enterprises",
                    models.IntegerField(
                        db_default=0, default=0, verbose_name="enterprises, not closed"
                    ),
                ),
                (
                    "enterprises_closed",
                    models.IntegerField(
                        db_default=0, default=0, verbose_name="enterprises, closed"
                    ),
                ),
                (
                    "products",
                    models.IntegerField(
                        db_default=0, default=0, verbose_name="products, not published"
                    ),
                ),
                (
                    "products_published",
                    models.IntegerField(
                        db_default=0, default=0, verbose_name="products, published"
                    ),
                ),
                (
                    "requests_waiting",
                    models.IntegerField(
                        db_default=0, default=0, verbose_name="requests without answer"
                    ),
                ),
                (
                    "cooperative",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="summary",
                        serialize=False,
                        to="cooperatives.cooperative",
                        verbose_name="cooperative",
                    ),
                ),
            ],
            options={
                "verbose_name": "summary of a cooperative",
                "verbose_name_plural": "summaries of cooperatives",
                "ordering": ["cooperative_id"],
            },
        ),
        migrations.CreateModel(
            name="RegionSummary",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "members_male",
                    models.IntegerField(db_default=0, default=0, verbose_name="members now, men"),
                ),
                (
                    "members_female",
                    models.IntegerField(db_default=0, default=0, verbose_name="members now, women"),
                ),
                (
                    "members_unknown",
                    models.IntegerField(
                        db_default=0, default=0, verbose_name="members now, sex unknown"
                    ),
                ),
                (
                    "members_left",
                    models.IntegerField(
                        db_default=0, default=0, verbose_name="lines that are closed"
                    ),
                ),
                (
                    "members_withheld",
                    models.IntegerField(
                        db_default=0,
                        default=0,
                        verbose_name="members now who object to being recorded",
                    ),
                ),
                (
                    "enterprises",
                    models.IntegerField(
                        db_default=0, default=0, verbose_name="enterprises, not closed"
                    ),
                ),
                (
                    "enterprises_closed",
                    models.IntegerField(
                        db_default=0, default=0, verbose_name="enterprises, closed"
                    ),
                ),
                (
                    "products",
                    models.IntegerField(
                        db_default=0, default=0, verbose_name="products, not published"
                    ),
                ),
                (
                    "products_published",
                    models.IntegerField(
                        db_default=0, default=0, verbose_name="products, published"
                    ),
                ),
                (
                    "requests_waiting",
                    models.IntegerField(
                        db_default=0, default=0, verbose_name="requests without answer"
                    ),
                ),
                ("cooperatives", models.IntegerField(default=0, verbose_name="cooperatives")),
                ("as_of", models.DateTimeField(verbose_name="as of")),
            ],
            options={
                "verbose_name": "summary of a region",
                "verbose_name_plural": "summaries of regions",
                "ordering": ["region_id"],
            },
        ),
        migrations.AddField(
            model_name="cooperative",
            name="annual_meeting_owed_since",
            field=models.GeneratedField(
                db_persist=True,
                expression=cooperatives.models.annual_meeting.OwedSince(
                    "fiscal_year_end", "last_annual_meeting_on", "legal_entity_date"
                ),
                output_field=models.DateField(verbose_name="annual meeting owed since"),
            ),
        ),
        migrations.AddIndex(
            model_name="cooperative",
            index=models.Index(
                fields=["annual_meeting_owed_since"], name="cooperative_meeting_owed"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="cooperative",
            trigger=pgtrigger.compiler.Trigger(
                name="count_begin",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    INSERT INTO cooperatives_cooperativesummary (cooperative_id) SELECT id FROM new_values ORDER BY id\n    ON CONFLICT (cooperative_id) DO NOTHING;\n    RETURN NULL;\n    ",
                    hash="ff1459524f11d4d8dd41924151ae553df6ae72de",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_count_begin_2e05f",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="cooperatives_cooperative",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="enterprise",
            trigger=pgtrigger.compiler.Trigger(
                name="count_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    INSERT INTO cooperatives_cooperativesummary AS s (cooperative_id, enterprises, enterprises_closed)\n    SELECT r.cooperative_id, coalesce(sum(r.by) FILTER (WHERE r.status <> 'closed'), 0), coalesce(sum(r.by) FILTER (WHERE r.status = 'closed'), 0) FROM (SELECT n.*, 1 AS by FROM new_values n) r \n    WHERE r.cooperative_id IS NOT NULL\n    GROUP BY r.cooperative_id ORDER BY r.cooperative_id\n    ON CONFLICT (cooperative_id) DO UPDATE SET enterprises = s.enterprises + excluded.enterprises, enterprises_closed = s.enterprises_closed + excluded.enterprises_closed;\n    RETURN NULL;\n",
                    hash="c6534bef4b645e2ecc621de49831d9b2f6315bb8",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_count_insert_42732",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="cooperatives_enterprise",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="enterprise",
            trigger=pgtrigger.compiler.Trigger(
                name="count_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    INSERT INTO cooperatives_cooperativesummary AS s (cooperative_id, enterprises, enterprises_closed)\n    SELECT r.cooperative_id, coalesce(sum(r.by) FILTER (WHERE r.status <> 'closed'), 0), coalesce(sum(r.by) FILTER (WHERE r.status = 'closed'), 0) FROM (SELECT o.*, -1 AS by FROM old_values o) r \n    WHERE r.cooperative_id IS NOT NULL\n    GROUP BY r.cooperative_id ORDER BY r.cooperative_id\n    ON CONFLICT (cooperative_id) DO UPDATE SET enterprises = s.enterprises + excluded.enterprises, enterprises_closed = s.enterprises_closed + excluded.enterprises_closed;\n    RETURN NULL;\n",
                    hash="7d1d267136daa6d5142f3b8b9b1e614457f6e5f5",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_count_delete_ed7d5",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="cooperatives_enterprise",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="enterprise",
            trigger=pgtrigger.compiler.Trigger(
                name="count_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF NOT EXISTS (SELECT FROM new_values n JOIN old_values o USING (id) WHERE (n.cooperative_id, n.status) IS DISTINCT FROM (o.cooperative_id, o.status)) THEN\n        RETURN NULL;\n    END IF;\n\n    INSERT INTO cooperatives_cooperativesummary AS s (cooperative_id, enterprises, enterprises_closed)\n    SELECT r.cooperative_id, coalesce(sum(r.by) FILTER (WHERE r.status <> 'closed'), 0), coalesce(sum(r.by) FILTER (WHERE r.status = 'closed'), 0) FROM (SELECT n.*, 1 AS by FROM new_values n JOIN old_values o USING (id) WHERE (n.cooperative_id, n.status) IS DISTINCT FROM (o.cooperative_id, o.status) UNION ALL SELECT o.*, -1 AS by FROM new_values n JOIN old_values o USING (id) WHERE (n.cooperative_id, n.status) IS DISTINCT FROM (o.cooperative_id, o.status)) r \n    WHERE r.cooperative_id IS NOT NULL\n    GROUP BY r.cooperative_id ORDER BY r.cooperative_id\n    ON CONFLICT (cooperative_id) DO UPDATE SET enterprises = s.enterprises + excluded.enterprises, enterprises_closed = s.enterprises_closed + excluded.enterprises_closed;\n    RETURN NULL;\n",
                    hash="0a6a386894dca24c34102c87e50be9d7a40ad6e3",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_count_update_452f6",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="cooperatives_enterprise",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="member",
            trigger=pgtrigger.compiler.Trigger(
                name="count_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    PERFORM FROM cooperatives_person WHERE id IN (SELECT person_id FROM new_values) ORDER BY id FOR KEY SHARE;\n\n    INSERT INTO cooperatives_cooperativesummary AS s (cooperative_id, members_male, members_female, members_unknown, members_left, members_withheld)\n    SELECT r.cooperative_id, coalesce(sum(r.by) FILTER (WHERE r.left_on IS NULL AND NOT r.is_withheld AND p.sex = 'L'), 0), coalesce(sum(r.by) FILTER (WHERE r.left_on IS NULL AND NOT r.is_withheld AND p.sex = 'P'), 0), coalesce(sum(r.by) FILTER (WHERE r.left_on IS NULL AND NOT r.is_withheld AND p.sex NOT IN ('L', 'P')), 0), coalesce(sum(r.by) FILTER (WHERE r.left_on IS NOT NULL AND NOT r.is_withheld), 0), coalesce(sum(r.by) FILTER (WHERE r.left_on IS NULL AND r.is_withheld), 0) FROM (SELECT n.*, 1 AS by FROM new_values n) r JOIN cooperatives_person p ON p.id = r.person_id\n    WHERE r.cooperative_id IS NOT NULL\n    GROUP BY r.cooperative_id ORDER BY r.cooperative_id\n    ON CONFLICT (cooperative_id) DO UPDATE SET members_male = s.members_male + excluded.members_male, members_female = s.members_female + excluded.members_female, members_unknown = s.members_unknown + excluded.members_unknown, members_left = s.members_left + excluded.members_left, members_withheld = s.members_withheld + excluded.members_withheld;\n    RETURN NULL;\n",
                    hash="5c272921e8d3d0eb6192593986838ad8850d2f1b",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_count_insert_7cd6d",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="cooperatives_member",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="member",
            trigger=pgtrigger.compiler.Trigger(
                name="count_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    PERFORM FROM cooperatives_person WHERE id IN (SELECT person_id FROM old_values) ORDER BY id FOR KEY SHARE;\n\n    INSERT INTO cooperatives_cooperativesummary AS s (cooperative_id, members_male, members_female, members_unknown, members_left, members_withheld)\n    SELECT r.cooperative_id, coalesce(sum(r.by) FILTER (WHERE r.left_on IS NULL AND NOT r.is_withheld AND p.sex = 'L'), 0), coalesce(sum(r.by) FILTER (WHERE r.left_on IS NULL AND NOT r.is_withheld AND p.sex = 'P'), 0), coalesce(sum(r.by) FILTER (WHERE r.left_on IS NULL AND NOT r.is_withheld AND p.sex NOT IN ('L', 'P')), 0), coalesce(sum(r.by) FILTER (WHERE r.left_on IS NOT NULL AND NOT r.is_withheld), 0), coalesce(sum(r.by) FILTER (WHERE r.left_on IS NULL AND r.is_withheld), 0) FROM (SELECT o.*, -1 AS by FROM old_values o) r JOIN cooperatives_person p ON p.id = r.person_id\n    WHERE r.cooperative_id IS NOT NULL\n    GROUP BY r.cooperative_id ORDER BY r.cooperative_id\n    ON CONFLICT (cooperative_id) DO UPDATE SET members_male = s.members_male + excluded.members_male, members_female = s.members_female + excluded.members_female, members_unknown = s.members_unknown + excluded.members_unknown, members_left = s.members_left + excluded.members_left, members_withheld = s.members_withheld + excluded.members_withheld;\n    RETURN NULL;\n",
                    hash="8a0587756406eaee0dc9705ae4d67e94d7b80dbd",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_count_delete_22c30",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="cooperatives_member",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="member",
            trigger=pgtrigger.compiler.Trigger(
                name="count_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF NOT EXISTS (SELECT FROM new_values n JOIN old_values o USING (id) WHERE (n.cooperative_id, n.person_id, n.left_on IS NULL, n.is_withheld) IS DISTINCT FROM (o.cooperative_id, o.person_id, o.left_on IS NULL, o.is_withheld)) THEN\n        RETURN NULL;\n    END IF;\n\n    PERFORM FROM cooperatives_person WHERE id IN (SELECT person_id FROM (SELECT n.*, 1 AS by FROM new_values n JOIN old_values o USING (id) WHERE (n.cooperative_id, n.person_id, n.left_on IS NULL, n.is_withheld) IS DISTINCT FROM (o.cooperative_id, o.person_id, o.left_on IS NULL, o.is_withheld) UNION ALL SELECT o.*, -1 AS by FROM new_values n JOIN old_values o USING (id) WHERE (n.cooperative_id, n.person_id, n.left_on IS NULL, n.is_withheld) IS DISTINCT FROM (o.cooperative_id, o.person_id, o.left_on IS NULL, o.is_withheld)) AS r) ORDER BY id FOR KEY SHARE;\n\n    INSERT INTO cooperatives_cooperativesummary AS s (cooperative_id, members_male, members_female, members_unknown, members_left, members_withheld)\n    SELECT r.cooperative_id, coalesce(sum(r.by) FILTER (WHERE r.left_on IS NULL AND NOT r.is_withheld AND p.sex = 'L'), 0), coalesce(sum(r.by) FILTER (WHERE r.left_on IS NULL AND NOT r.is_withheld AND p.sex = 'P'), 0), coalesce(sum(r.by) FILTER (WHERE r.left_on IS NULL AND NOT r.is_withheld AND p.sex NOT IN ('L', 'P')), 0), coalesce(sum(r.by) FILTER (WHERE r.left_on IS NOT NULL AND NOT r.is_withheld), 0), coalesce(sum(r.by) FILTER (WHERE r.left_on IS NULL AND r.is_withheld), 0) FROM (SELECT n.*, 1 AS by FROM new_values n JOIN old_values o USING (id) WHERE (n.cooperative_id, n.person_id, n.left_on IS NULL, n.is_withheld) IS DISTINCT FROM (o.cooperative_id, o.person_id, o.left_on IS NULL, o.is_withheld) UNION ALL SELECT o.*, -1 AS by FROM new_values n JOIN old_values o USING (id) WHERE (n.cooperative_id, n.person_id, n.left_on IS NULL, n.is_withheld) IS DISTINCT FROM (o.cooperative_id, o.person_id, o.left_on IS NULL, o.is_withheld)) r JOIN cooperatives_person p ON p.id = r.person_id\n    WHERE r.cooperative_id IS NOT NULL\n    GROUP BY r.cooperative_id ORDER BY r.cooperative_id\n    ON CONFLICT (cooperative_id) DO UPDATE SET members_male = s.members_male + excluded.members_male, members_female = s.members_female + excluded.members_female, members_unknown = s.members_unknown + excluded.members_unknown, members_left = s.members_left + excluded.members_left, members_withheld = s.members_withheld + excluded.members_withheld;\n    RETURN NULL;\n",
                    hash="f8a1b399d3d1c2c5ce48688bd3556b0ed66630e6",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_count_update_f8e9f",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="cooperatives_member",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="person",
            trigger=pgtrigger.compiler.Trigger(
                name="count_sex",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF NOT EXISTS (SELECT FROM new_values n JOIN old_values o USING (id) WHERE n.sex <> o.sex) THEN\n        RETURN NULL;\n    END IF;\n    PERFORM FROM cooperatives_person WHERE id IN (\n        SELECT n.id FROM new_values n JOIN old_values o USING (id) WHERE n.sex <> o.sex\n    ) ORDER BY id FOR UPDATE;\n\n    INSERT INTO cooperatives_cooperativesummary AS s (cooperative_id, members_male, members_female, members_unknown)\n    SELECT r.cooperative_id, coalesce(sum(r.by) FILTER (WHERE r.left_on IS NULL AND NOT r.is_withheld AND r.sex = 'L'), 0), coalesce(sum(r.by) FILTER (WHERE r.left_on IS NULL AND NOT r.is_withheld AND r.sex = 'P'), 0), coalesce(sum(r.by) FILTER (WHERE r.left_on IS NULL AND NOT r.is_withheld AND r.sex NOT IN ('L', 'P')), 0) FROM (\n    SELECT m.cooperative_id, m.left_on, m.is_withheld, n.sex, 1 AS by FROM cooperatives_member m\n    JOIN new_values n ON n.id = m.person_id JOIN old_values o ON o.id = n.id\n    WHERE n.sex <> o.sex AND m.left_on IS NULL\n    UNION ALL\n    SELECT m.cooperative_id, m.left_on, m.is_withheld, o.sex, -1 AS by FROM cooperatives_member m\n    JOIN new_values n ON n.id = m.person_id JOIN old_values o ON o.id = n.id\n    WHERE n.sex <> o.sex AND m.left_on IS NULL\n) r \n    WHERE r.cooperative_id IS NOT NULL\n    GROUP BY r.cooperative_id ORDER BY r.cooperative_id\n    ON CONFLICT (cooperative_id) DO UPDATE SET members_male = s.members_male + excluded.members_male, members_female = s.members_female + excluded.members_female, members_unknown = s.members_unknown + excluded.members_unknown;\n    RETURN NULL;\n",
                    hash="decc6b3fa5a2c15012c1a9b25e343ebee11acee5",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_count_sex_24051",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="cooperatives_person",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="product",
            trigger=pgtrigger.compiler.Trigger(
                name="count_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    INSERT INTO cooperatives_cooperativesummary AS s (cooperative_id, products, products_published)\n    SELECT r.cooperative_id, coalesce(sum(r.by) FILTER (WHERE NOT r.is_published), 0), coalesce(sum(r.by) FILTER (WHERE r.is_published), 0) FROM (SELECT n.*, 1 AS by FROM new_values n) r \n    WHERE r.cooperative_id IS NOT NULL\n    GROUP BY r.cooperative_id ORDER BY r.cooperative_id\n    ON CONFLICT (cooperative_id) DO UPDATE SET products = s.products + excluded.products, products_published = s.products_published + excluded.products_published;\n    RETURN NULL;\n",
                    hash="ca093d4966af7a60e5ca7b9f898df2b28b245a41",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_count_insert_34037",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="cooperatives_product",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="product",
            trigger=pgtrigger.compiler.Trigger(
                name="count_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    INSERT INTO cooperatives_cooperativesummary AS s (cooperative_id, products, products_published)\n    SELECT r.cooperative_id, coalesce(sum(r.by) FILTER (WHERE NOT r.is_published), 0), coalesce(sum(r.by) FILTER (WHERE r.is_published), 0) FROM (SELECT o.*, -1 AS by FROM old_values o) r \n    WHERE r.cooperative_id IS NOT NULL\n    GROUP BY r.cooperative_id ORDER BY r.cooperative_id\n    ON CONFLICT (cooperative_id) DO UPDATE SET products = s.products + excluded.products, products_published = s.products_published + excluded.products_published;\n    RETURN NULL;\n",
                    hash="d8b0d03d28995e6b344b5d3bed6f82a16910b1f0",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_count_delete_a3f1b",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="cooperatives_product",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="product",
            trigger=pgtrigger.compiler.Trigger(
                name="count_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF NOT EXISTS (SELECT FROM new_values n JOIN old_values o USING (id) WHERE (n.cooperative_id, n.is_published) IS DISTINCT FROM (o.cooperative_id, o.is_published)) THEN\n        RETURN NULL;\n    END IF;\n\n    INSERT INTO cooperatives_cooperativesummary AS s (cooperative_id, products, products_published)\n    SELECT r.cooperative_id, coalesce(sum(r.by) FILTER (WHERE NOT r.is_published), 0), coalesce(sum(r.by) FILTER (WHERE r.is_published), 0) FROM (SELECT n.*, 1 AS by FROM new_values n JOIN old_values o USING (id) WHERE (n.cooperative_id, n.is_published) IS DISTINCT FROM (o.cooperative_id, o.is_published) UNION ALL SELECT o.*, -1 AS by FROM new_values n JOIN old_values o USING (id) WHERE (n.cooperative_id, n.is_published) IS DISTINCT FROM (o.cooperative_id, o.is_published)) r \n    WHERE r.cooperative_id IS NOT NULL\n    GROUP BY r.cooperative_id ORDER BY r.cooperative_id\n    ON CONFLICT (cooperative_id) DO UPDATE SET products = s.products + excluded.products, products_published = s.products_published + excluded.products_published;\n    RETURN NULL;\n",
                    hash="89b393e875f18cd4277cd50761546fda8a056703",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_count_update_3fdae",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="cooperatives_product",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="quoterequest",
            trigger=pgtrigger.compiler.Trigger(
                name="count_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    INSERT INTO cooperatives_cooperativesummary AS s (cooperative_id, requests_waiting)\n    SELECT r.cooperative_id, coalesce(sum(r.by) FILTER (WHERE r.status = 'new'), 0) FROM (SELECT n.*, 1 AS by FROM new_values n) r \n    WHERE r.cooperative_id IS NOT NULL\n    GROUP BY r.cooperative_id ORDER BY r.cooperative_id\n    ON CONFLICT (cooperative_id) DO UPDATE SET requests_waiting = s.requests_waiting + excluded.requests_waiting;\n    RETURN NULL;\n",
                    hash="cd05f4f560a211f14bb0b8b8518c31b403c04940",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_count_insert_31416",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="cooperatives_quoterequest",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="quoterequest",
            trigger=pgtrigger.compiler.Trigger(
                name="count_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    INSERT INTO cooperatives_cooperativesummary AS s (cooperative_id, requests_waiting)\n    SELECT r.cooperative_id, coalesce(sum(r.by) FILTER (WHERE r.status = 'new'), 0) FROM (SELECT o.*, -1 AS by FROM old_values o) r \n    WHERE r.cooperative_id IS NOT NULL\n    GROUP BY r.cooperative_id ORDER BY r.cooperative_id\n    ON CONFLICT (cooperative_id) DO UPDATE SET requests_waiting = s.requests_waiting + excluded.requests_waiting;\n    RETURN NULL;\n",
                    hash="fe00c06606bdd17da2b01ba3b07034b4303fc111",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_count_delete_4b97d",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="cooperatives_quoterequest",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="quoterequest",
            trigger=pgtrigger.compiler.Trigger(
                name="count_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF NOT EXISTS (SELECT FROM new_values n JOIN old_values o USING (id) WHERE (n.cooperative_id, n.status) IS DISTINCT FROM (o.cooperative_id, o.status)) THEN\n        RETURN NULL;\n    END IF;\n\n    INSERT INTO cooperatives_cooperativesummary AS s (cooperative_id, requests_waiting)\n    SELECT r.cooperative_id, coalesce(sum(r.by) FILTER (WHERE r.status = 'new'), 0) FROM (SELECT n.*, 1 AS by FROM new_values n JOIN old_values o USING (id) WHERE (n.cooperative_id, n.status) IS DISTINCT FROM (o.cooperative_id, o.status) UNION ALL SELECT o.*, -1 AS by FROM new_values n JOIN old_values o USING (id) WHERE (n.cooperative_id, n.status) IS DISTINCT FROM (o.cooperative_id, o.status)) r \n    WHERE r.cooperative_id IS NOT NULL\n    GROUP BY r.cooperative_id ORDER BY r.cooperative_id\n    ON CONFLICT (cooperative_id) DO UPDATE SET requests_waiting = s.requests_waiting + excluded.requests_waiting;\n    RETURN NULL;\n",
                    hash="39a6253da50bb991e30995268bef17c0004db96e",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_count_update_40f69",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="cooperatives_quoterequest",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="regionsummary",
            name="region",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="malaka_portal.region",
                verbose_name="region",
            ),
        ),
        migrations.AddConstraint(
            model_name="regionsummary",
            constraint=models.UniqueConstraint(
                fields=("region",),
                name="cooperatives_regionsummary_once",
                nulls_distinct=False,
                violation_error_message="This region has its summary already.",
            ),
        ),
        migrations.RunSQL(BACKFILL, migrations.RunSQL.noop),
        migrations.RunSQL(RECENT, "DROP INDEX cooperatives_memberevent_recent"),
    ]
