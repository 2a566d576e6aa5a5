"""Every event has an actor: the application names one, raw SQL is known by its database role."""

from django.db import migrations

ATTACH = """
CREATE OR REPLACE FUNCTION _pgh_attach_context() RETURNS pghistory_context.id%TYPE AS $$
DECLARE
    act UUID := nullif(current_setting('pghistory.context_id', true), '')::uuid;
    who JSONB := nullif(current_setting('pghistory.context_metadata', true), '')::jsonb;
BEGIN
    IF act IS NULL THEN
        IF current_setting('portal.app', true) = 'on' THEN
            RAISE EXCEPTION 'A write without an actor is refused: wrap it in actors.acting().'
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        act := gen_random_uuid();
        who := jsonb_build_object('database_role', session_user);
        -- the rest of this transaction belongs to the same act
        PERFORM set_config('pghistory.context_id', act::text, true);
        PERFORM set_config('pghistory.context_metadata', who::text, true);
    END IF;
    INSERT INTO pghistory_context AS c (id, metadata, created_at, updated_at)
        VALUES (act, who, now(), now())
        ON CONFLICT (id) DO UPDATE SET metadata = excluded.metadata, updated_at = now()
            WHERE c.metadata <> excluded.metadata;
    RETURN act;
END
$$ LANGUAGE plpgsql;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("malaka_portal", "0002_history"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [migrations.RunSQL(ATTACH, migrations.RunSQL.noop)]
