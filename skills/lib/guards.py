"""Guards: constraints that compare a row with what it was before, kept by triggers of the database.

They stand in `Meta.constraints` beside the others, and migrations follow them like the others. What raises
the refusal, `skills_refuse`, is made by migration 0002.

PostgreSQL lets nobody alter the type of a column that a condition names: such a migration removes the guard
first and adds it again afterwards.
"""

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import BaseConstraint, Model


class Guard(BaseConstraint):
    """Refuses an UPDATE or DELETE (`event`, "update or delete" for both) with `message`.

    `condition` is SQL over the rows `old` and, for updates, `new`, without subqueries; "" refuses always.
    """

    def __init__(self, *, name: str, event: str, message: str, condition: str = "") -> None:
        super().__init__(name=name, violation_error_message=message)
        self.event, self.message, self.condition = event, message, condition

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        path, _, _ = super().deconstruct()
        values = {"name": self.name, "event": self.event, "message": self.message}
        return path, (), values | ({"condition": self.condition} if self.condition else {})

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Guard) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash((type(self), self.name))

    def sql_condition(self, model: type[Model]) -> str:
        """When a change of a row of MODEL is refused."""
        return self.condition

    def create_sql(self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor) -> str:
        condition = self.sql_condition(model)
        return " ".join(
            [
                f"create trigger {schema_editor.quote_name(self.name)} before {self.event}",
                f"on {schema_editor.quote_name(model._meta.db_table)} for each row",
                f"when ({condition})" if condition else "",
                f"execute function skills_refuse({schema_editor.quote_value(self.message)})",
            ]
        )

    def remove_sql(self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor) -> str:
        table = schema_editor.quote_name(model._meta.db_table)
        return f"drop trigger {schema_editor.quote_name(self.name)} on {table}"

    def constraint_sql(self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor) -> None:
        """A trigger is no part of its table's definition: it follows when the table is made."""
        schema_editor.deferred_sql.append(self.create_sql(model, schema_editor))

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """A form cannot ask it: only the database sees the row as it was."""


class Immutable(Guard):
    """Refuses to change any column but those of the fields `movable`: a new column is immutable by itself."""

    def __init__(self, *, name: str, message: str, movable: Sequence[str] = ()) -> None:
        super().__init__(name=name, event="update", message=message)
        self.movable = tuple(movable)

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        path, _, _ = super().deconstruct()
        return path, (), {"name": self.name, "message": self.message, "movable": self.movable}

    def sql_condition(self, model: type[Model]) -> str:
        columns = ",".join(str(model._meta.get_field(name).column) for name in self.movable)
        rest = f"- '{{{columns}}}'::text[]"
        return f"to_jsonb(old) {rest} is distinct from to_jsonb(new) {rest}"
