"""Every text that goes into a header is encoded first, by `skills/http/header_values.py`."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENCODERS = {"line", "attachment", "etag", "str"}  # `str` of a number
# Values that other modules vouch for: constants of ours, names of methods, counts and seconds, tags that
# `etag` made, and what the SDK of MCP answers, whose names are listed beside.
VOUCHED = {
    ("skills/api/v1/endpoint.py", "value"),
    ("skills/api/v1/fetch.py", "value"),
    ("skills/gateway/application.py", "{MARK_HEADER: product_mark()}"),
    ("skills/http/conditional.py", "tag"),
    ("skills/http/conditional.py", "f'{scope}, {_FOR_EVER}'"),
    ("skills/http/file_responses.py", "FILE_POLICY"),
    ("skills/http/headers.py", "POLICY"),
    ("skills/http/headers.py", "caching"),
    ("skills/http/methods.py", "allowed"),
    ("skills/http/outages.py", "_RETRY_SECONDS"),
    ("skills/http/problems.py", "value"),
    ("skills/http/request_log.py", "request.request_id"),
    ("skills/protocols/clawhub/answers.py", "allowed"),
    ("skills/protocols/clawhub/answers.py", "value"),
    ("skills/protocols/mcp/views.py", "value"),
    ("skills/protocols/otlp/views.py", "value"),
    ("skills/web/errors.py", "allowed"),
    ("skills/web/views/skill.py", "FILE_POLICY"),
    ("skills/web/views/skill.py", "PICTURE_POLICY"),
}


def is_headers(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "headers"


def values_of_headers(tree: ast.AST):
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Subscript) and is_headers(target.value):
                    yield node.value
        if isinstance(node, ast.Call):
            function = node.func
            of_headers = isinstance(function, ast.Attribute) and is_headers(function.value)
            if of_headers and function.attr in ("setdefault", "update"):
                yield node.args[-1]
            called = getattr(function, "id", getattr(function, "attr", ""))
            if called.endswith("Response"):
                yield from (keyword.value for keyword in node.keywords if keyword.arg == "headers")


def is_encoded(value: ast.expr) -> bool:
    if isinstance(value, ast.IfExp):
        return is_encoded(value.body) and is_encoded(value.orelse)
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
        return value.func.id in ENCODERS
    return isinstance(value, ast.Constant)


def test_no_text_goes_into_a_header_as_it_is():
    bare = {
        (str(path.relative_to(ROOT)), ast.unparse(value))
        for path in (ROOT / "skills").rglob("*.py")
        for value in values_of_headers(ast.parse(path.read_text()))
        if not is_encoded(value)
    }

    assert bare - VOUCHED == set()
    assert VOUCHED - bare == set()
