"""Guards: constraints that compare a row with what it was before, kept by triggers of the database.

They stand in `Meta.constraints` beside the others, and migrations follow them like the others. What raises
the refusal, `skills_refuse`, is made by migration 0002.

PostgreSQL lets nobody alter the type of a column that a condition names: such a migration removes the guard
first and adds it again afterwards.
"""

# mypy: disable-error-code="override"
# Django gives create_sql, remove_sql and constraint_sql both arguments; only its type stubs allow for None.

from collections.abc import Sequence

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import BaseConstraint, Model


class Guard(BaseConstraint):
    """Refuses an INSERT, UPDATE or DELETE (`event`, "update or delete" for both of these) with `message`.

    `condition` is SQL over the rows `old` and `new`, as far as the event has them, without subqueries; ""
    refuses always.
    """

    def __init__(self, *, name: str, event: str, message: str, condition: str = "") -> None:
        super().__init__(name=name, violation_error_message=message)
        self.event, self.message, self.condition = event, message, condition

    def deconstruct(self) -> tuple[str, Sequence[object], dict[str, object]]:
        path, _, _ = super().deconstruct()
        values: dict[str, object] = {"name": self.name, "event": self.event, "message": self.message}
        if self.condition:
            values["condition"] = self.condition
        return path, (), values

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Guard) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash((type(self), self.name))

    def create_sql(self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor) -> str:
        return " ".join(
            [
                f"create trigger {schema_editor.quote_name(self.name)} before {self.event}",
                f"on {schema_editor.quote_name(model._meta.db_table)} for each row",
                f"when ({self.condition})" if self.condition else "",
                f"execute function skills_refuse({schema_editor.quote_value(self.message)})",
            ]
        )

    def remove_sql(self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor) -> str:
        table = schema_editor.quote_name(model._meta.db_table)
        return f"drop trigger {schema_editor.quote_name(self.name)} on {table}"

    def constraint_sql(self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor) -> None:
        """A trigger is no part of its table's definition: it follows when the table is made."""
        schema_editor.deferred_sql.append(self.create_sql(model, schema_editor))

    def validate(self, *_: object, **__: object) -> None:
        """A form cannot ask it: only the database sees the row as it was."""


class Immutable(Guard):
    """Refuses to change any column but those called `movable`: a new column is immutable by itself."""

    def __init__(self, *, name: str, message: str, movable: Sequence[str] = ()) -> None:
        rest = f"- '{{{','.join(movable)}}}'::text[]"
        # As JSON without the movable columns: a list of the immutable ones would forget the next column
        # (decision 0017).
        condition = f"to_jsonb(old) {rest} is distinct from to_jsonb(new) {rest}"
        super().__init__(name=name, event="update", message=message, condition=condition)
        self.movable = tuple(movable)

    def deconstruct(self) -> tuple[str, Sequence[object], dict[str, object]]:
        path, _, _ = super().deconstruct()
        return path, (), {"name": self.name, "message": self.message, "movable": self.movable}
