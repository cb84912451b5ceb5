"""The type of JSON whose shape is open: what strangers send, and what is only kept and handed on.

JSON that we make ourselves has a TypedDict or a dataclass where it is made.
"""

from typing import TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
JsonObject: TypeAlias = dict[str, Json]
