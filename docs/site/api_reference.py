"""The API reference as Markdown, written from the OpenAPI document that the product serves."""

import os
from itertools import groupby
from typing import Any, NamedTuple

REF = "#/components/schemas/"
PROBLEM = "application/problem+json"


class Operation(NamedTuple):
    method: str
    path: str
    facts: dict[str, Any]

    @property
    def group(self) -> str:
        return self.facts.get("tags", ["start"])[0]


def openapi() -> dict[str, Any]:
    """The document of `/api/v1/schema`; it needs no database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "skillhub.settings")
    os.environ.setdefault("SECRET_KEY", "nothing is signed here")
    import django

    django.setup()
    from drf_spectacular.drainage import GENERATOR_STATS
    from drf_spectacular.generators import SchemaGenerator

    with GENERATOR_STATS.silence():
        return SchemaGenerator().get_schema(request=None, public=True)


def as_markdown(document: dict[str, Any]) -> str:
    operations = sorted(
        (
            Operation(method.upper(), path, facts)
            for path, methods in document["paths"].items()
            for method, facts in methods.items()
        ),
        key=lambda operation: (operation.group, operation.path),
    )
    parts = []
    for group, members in groupby(operations, key=lambda operation: operation.group):
        parts += [f"## {group.capitalize()}", *map(_operation, members)]
    parts.append("## Shapes")
    parts += [_shape(name, schema) for name, schema in document["components"]["schemas"].items()]
    return "\n\n".join(["", *parts, ""])


def _operation(operation: Operation) -> str:
    facts = operation.facts
    parts = [f"### `{operation.method} {operation.path}`", facts.get("description", "")]
    parameters = [_parameter(parameter) for parameter in facts.get("parameters", [])]
    if parameters:
        parts.append("\n".join(parameters))
    if body := facts.get("requestBody"):
        kinds = [f"`{kind}`: {_type(content['schema'])}" for kind, content in body["content"].items()]
        parts.append(f"Takes {' or '.join(kinds)}.")
    parts.append(_answers(facts["responses"]))
    return "\n\n".join(parts)


def _parameter(parameter: dict[str, Any]) -> str:
    must = ", required" if parameter.get("required") and parameter["in"] != "path" else ""
    told = f": {parameter['description']}" if parameter.get("description") else ""
    return f"- `{parameter['name']}` ({parameter['in']}, {_type(parameter['schema'])}{must}){told}"


def _answers(responses: dict[str, Any]) -> str:
    good, refused = [], []
    for status, response in sorted(responses.items()):
        content = response.get("content", {})
        if PROBLEM in content:
            refused.append(status)
            continue
        kinds = [f"{_type(body['schema'])} as `{kind}`" for kind, body in content.items()]
        good.append(" ".join([status, " or ".join(kinds)]).strip())
    parts = [f"Answers {'; '.join(good)}."]
    if refused:
        parts.append(f"Refuses with a {_link('ProblemDocument')} and {', '.join(refused)}.")
    return " ".join(parts)


def _shape(name: str, schema: dict[str, Any]) -> str:
    parts = [f"({_anchor(name)})=\n### {name}", schema.get("description", "")]
    if properties := schema.get("properties"):
        required = schema.get("required", [])
        rows = [
            f"| `{field}` | {_type(facts)} | {'' if field in required else 'optional'} | {_cell(facts)} |"
            for field, facts in properties.items()
        ]
        parts.append("\n".join(["| field | type | | |", "|---|---|---|---|", *rows]))
    else:
        parts.append(_type(schema))
    return "\n\n".join(part for part in parts if part)


def _type(schema: dict[str, Any]) -> str:
    """A schema in a few words, with links to the shapes it names."""
    if "$ref" in schema:
        return _link(schema["$ref"].removeprefix(REF))
    for key, joint in (("oneOf", " or "), ("anyOf", " or "), ("allOf", " and ")):
        if key in schema:
            return joint.join(_type(part) for part in schema[key])
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    kinds = schema.get("type", "anything")
    names = [kinds] if isinstance(kinds, str) else kinds
    words = " or ".join(f"list of {_type(schema['items'])}" if name == "array" else name for name in names)
    return f"{words} ({schema['format']})" if "format" in schema else words


def _cell(facts: dict[str, Any]) -> str:
    return facts.get("description", "").replace("\n", " ").replace("|", "\\|")


def _anchor(name: str) -> str:
    return f"shape-{name.lower()}"


def _link(name: str) -> str:
    return f"[{name}](#{_anchor(name)})"
