"""Querysets that Django compiles once a process: putting one together takes many times as long as running it.

For the few reads that every page of a skill begins with (decision 0019).
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Field, Model, QuerySet

M = TypeVar("M", bound=Model)


class CompiledQuery(Generic[M]):
    """ROWS, which were made with the values of ASKED; whoever runs it gives the values that count.

    COLUMNS are those that are read, by attribute name; the others are deferred. RELATED names the columns of
    each related row that comes along, by the foreign key it is reached by, which must not be null.
    """

    def __init__(
        self,
        rows: QuerySet[M],
        *,
        asked: Sequence[object],
        columns: Iterable[str],
        related: Mapping[str, Iterable[str]],
    ) -> None:
        self._model = rows.model
        self._columns = _fields(rows.model, columns)
        self._related = {
            name: (_related_model(rows.model, name), _fields(_related_model(rows.model, name), chosen))
            for name, chosen in related.items()
        }
        paths = [field.attname for field in self._columns]
        for name, (_, fields) in self._related.items():
            paths += [f"{name}__{field.attname}" for field in fields]
        self._statement, parameters = rows.values_list(*paths).query.sql_with_params()
        # In another order, or beside a value that stays, the values of a call would land in wrong places.
        if tuple(parameters) != tuple(asked):
            raise ValueError(f"the statement asks for {parameters}, not for {asked}")

    def run(self, *values: str | int) -> list[M]:
        """The rows for VALUES, in the order of `asked`."""
        with connection.cursor() as cursor:
            cursor.execute(self._statement, values)
            found = cursor.fetchall()
        return [self._instance(row) for row in found]

    def _instance(self, row: Sequence[Any]) -> M:
        values = iter(row)
        instance = _from_row(self._model, self._columns, values)
        for name, (model, fields) in self._related.items():
            setattr(instance, name, _from_row(model, fields, values))
        return instance


def _fields(model: type[Model], names: Iterable[str]) -> "list[Field[Any, Any]]":
    """In the order of the model's columns, which is the order `from_db` reads values in."""
    wanted = set(names)
    return [field for field in model._meta.concrete_fields if field.attname in wanted]


def _related_model(model: type[Model], name: str) -> type[Model]:
    related = model._meta.get_field(name).related_model
    assert isinstance(related, type)
    return related


def _from_row(model: type[M], fields: "Sequence[Field[Any, Any]]", values: Iterable[Any]) -> M:
    """An instance of the next values of a row."""
    read = [
        field.from_db_value(value, None, connection) if hasattr(field, "from_db_value") else value
        for field, value in zip(fields, islice(values, len(fields)), strict=True)
    ]
    return model.from_db(DEFAULT_DB_ALIAS, [field.attname for field in fields], read)
