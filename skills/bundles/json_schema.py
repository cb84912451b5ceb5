"""Whether a value is a JSON Schema (draft 2020-12, which MCP and assertions use)."""

from typing import Any


def schema_fault(schema: Any) -> str:
    """What is wrong with SCHEMA, "" when nothing is."""
    # Slow to import, and few bundles hold a schema.
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError

    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        return str(error.message)
    # The check calls itself for each level, and how deep a schema goes is the stranger's choice.
    except RecursionError as error:
        return str(error)
    return ""
