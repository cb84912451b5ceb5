"""The ledger of budgets is append-only, whatever the code above says."""

from django.db import migrations

GUARD = """
create function skills_ledgerentry_guard() returns trigger language plpgsql as $$
begin
    raise exception 'the ledger is append-only' using errcode = 'restrict_violation';
end $$;
create trigger skills_ledgerentry_guard before update or delete on skills_ledgerentry
    for each row execute function skills_ledgerentry_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("skills", "0004_evaluations")]
    operations = [
        migrations.RunSQL(GUARD, "drop function skills_ledgerentry_guard() cascade"),
    ]
