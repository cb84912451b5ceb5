"""Sums of what ended calls came to, and the trigger that says what to add to them."""

from django.db import migrations, models
from django.db.models import Q

_COLUMNS = """
    account_id, team_id, token_id, skill_id, version_id, agent, role, model, run_id, session, ended_at,
    calls, lost, unpriced, tokens, micros, input_tokens, cached_tokens, written_tokens, output_tokens
"""


def _values(row: str, sign: str) -> str:
    """What the hold ROW adds, or with the SIGN "-" takes back."""
    who = "account_id team_id token_id skill_id version_id agent role model run_id session ended_at".split()
    charge = [
        "1",
        f"({row}.state = 'lost')::int",
        f"({row}.used_micros is null)::int",
        f"coalesce({row}.used_tokens, 0)",
        f"coalesce({row}.used_micros, 0)",
        *(f"{row}.{kind}_tokens" for kind in ("input", "cached", "written", "output")),
    ]
    return ", ".join([*(f"{row}.{name}" for name in who), *(f"{sign}{value}" for value in charge)])


def _is_spent(row: str) -> str:
    return f"{row}.state in ('settled', 'lost') and {row}.ended_at is not null"


# What reserves a call changes no sum, and pays nothing for this.
_TRIGGERS = f"""
create function skills_note_spending() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' then
        if {_is_spent("old")} then
            insert into skills_spendingchange ({_COLUMNS}) values ({_values("old", "-")});
        end if;
    end if;
    if tg_op <> 'DELETE' then
        if {_is_spent("new")} then
            insert into skills_spendingchange ({_COLUMNS}) values ({_values("new", "")});
        end if;
    end if;
    return null;
end $$;

create trigger spending_is_noted after insert on skills_hold for each row
    when (new.state <> 'held') execute function skills_note_spending();
create trigger spending_change_is_noted after update on skills_hold for each row
    when (old is distinct from new and new.state <> 'held') execute function skills_note_spending();
create trigger spending_end_is_noted after delete on skills_hold for each row
    when (old.state <> 'held') execute function skills_note_spending();

insert into skills_spendingchange ({_COLUMNS})
select {_values("h", "")} from skills_hold h where {_is_spent("h")};
"""
_TRIGGERS_BACK = "drop function skills_note_spending() cascade"

_WHO = ("account_id", "team_id", "token_id", "skill_id", "version_id")
_SUMS = (
    *("calls", "lost", "unpriced", "tokens", "micros"),
    *("input_tokens", "cached_tokens", "written_tokens", "output_tokens"),
)


def facts() -> list[tuple[str, models.Field]]:
    return [
        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
        *((name, models.BigIntegerField(blank=True, null=True)) for name in _WHO),
        ("agent", models.CharField(blank=True, default="", max_length=60)),
        ("role", models.CharField(max_length=10)),
        *((name, models.BigIntegerField()) for name in _SUMS),
    ]


def model() -> tuple[str, models.Field]:
    return "model", models.CharField(max_length=120)


def group() -> list[tuple[str, models.Field]]:
    return [
        ("run_id", models.BigIntegerField(blank=True, null=True)),
        ("session", models.CharField(blank=True, default="", max_length=120)),
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("skills", "0022_calls"),
    ]

    operations = [
        migrations.CreateModel(
            "SpendingChange", [*facts(), model(), *group(), ("ended_at", models.DateTimeField())]
        ),
        migrations.CreateModel(
            "Spending",
            [
                *facts(),
                (
                    "grain",
                    models.CharField(choices=[("day", "Day"), ("month", "Month")], max_length=5),
                ),
                ("day", models.DateField()),
                model(),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["grain", "day", *_WHO, "agent", "model", "role"],
                        nulls_distinct=False,
                        name="one_row_of_spending",
                    )
                ],
                "indexes": [
                    models.Index(fields=["account_id", "grain", "day"], name="spending_of_account"),
                    models.Index(fields=["team_id", "grain", "day"], name="spending_of_team"),
                    models.Index(fields=["skill_id", "grain", "day"], name="spending_of_skill"),
                ],
            },
        ),
        migrations.CreateModel(
            "CallGroup",
            [
                *facts(),
                *group(),
                ("day", models.DateField(blank=True, null=True)),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["run_id", "session", *_WHO, "agent", "role", "day"],
                        nulls_distinct=False,
                        name="one_row_of_a_call_group",
                    )
                ],
                "indexes": [
                    models.Index(fields=["last_at"], name="call_group_by_end"),
                    models.Index(fields=["account_id", "last_at"], name="call_group_of_account"),
                    models.Index(fields=["team_id", "last_at"], name="call_group_of_team"),
                    models.Index(
                        fields=["skill_id", "last_at"],
                        condition=Q(skill_id__isnull=False),
                        name="call_group_of_skill",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            "hold", models.Index(fields=["account_id", "ended_at", "id"], name="hold_of_account")
        ),
        migrations.AddIndex("hold", models.Index(fields=["team_id", "ended_at", "id"], name="hold_of_team")),
        migrations.AddIndex(
            "hold", models.Index(fields=["session"], condition=~Q(session=""), name="hold_of_session")
        ),
        migrations.AddIndex(
            "hold",
            models.Index(
                fields=["id"],
                condition=Q(ended_at__isnull=True) & ~Q(state="held"),
                name="hold_without_end",
            ),
        ),
        migrations.RunSQL(_TRIGGERS, _TRIGGERS_BACK),
    ]
