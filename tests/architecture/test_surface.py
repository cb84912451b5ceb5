"""House law for readers: one name for one class, values by keyword, no packed lines, no drawers."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.test_house_rules import CODE, ROOT

# The clients and servers of other people that the tests install lie below tests/; their code is not ours.
INSTALLED = {"site-packages", "node_modules"}
ALL = CODE + [
    path
    for folder in ("tests", "bench")
    for path in (ROOT / folder).rglob("*.py")
    if not INSTALLED & set(path.parts)
]
MOST_POSITIONAL = 5  # arguments of a call
MOST_FIELDS = 4  # of a dataclass that may be made by position
DRAWERS = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "misc",
    "base",
    "base_classes",
    "manager",
    "manage",
    "acts",
}
INNER_CLASSES = {"Meta", "Command"}  # Django wants them called so


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def trees(paths: list[Path]) -> Iterator[tuple[str, ast.AST]]:
    for path in paths:
        yield name_of(path), ast.parse(path.read_text(encoding="utf-8"))


def is_dataclass(node: ast.AST) -> ast.expr | None:
    """The decorator that makes a class a dataclass."""
    for decorator in getattr(node, "decorator_list", []):
        function = decorator.func if isinstance(decorator, ast.Call) else decorator
        if ast.unparse(function).split(".")[-1] == "dataclass":
            return decorator
    return None


def positional_fields(node: ast.ClassDef) -> int:
    """How many fields of a dataclass may be given by position."""
    decorator = is_dataclass(node)
    if isinstance(decorator, ast.Call) and any(word.arg == "kw_only" for word in decorator.keywords):
        return 0
    count = 0
    for line in node.body:
        if isinstance(line, ast.AnnAssign):
            annotation = ast.unparse(line.annotation)
            if annotation.endswith("KW_ONLY"):
                break
            count += not annotation.startswith("ClassVar")
    return count


def is_a_list_of_names(call: ast.Call) -> bool:
    """Whether every argument is a text: columns of a query, words of a command."""
    return all(isinstance(argument, ast.Constant) for argument in call.args)


def test_no_class_name_is_defined_twice():
    places = defaultdict(list)
    for path, tree in trees([path for path in CODE if name_of(path).startswith("skills/")]):
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and node.name not in INNER_CLASSES:
                places[node.name].append(path)

    assert {name: paths for name, paths in places.items() if len(paths) > 1} == {}


def test_the_formatter_is_switched_off_nowhere():
    marks = ("# fmt" + ": skip", "# fmt" + ": off")

    assert [name_of(path) for path in ALL if any(mark in path.read_text() for mark in marks)] == []


def test_a_dataclass_with_many_fields_is_made_by_keyword():
    broken = {
        path
        for path, tree in trees(CODE)
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and is_dataclass(node) and positional_fields(node) > MOST_FIELDS
    }

    assert broken == set()


def test_no_call_has_six_positional_arguments():
    broken = {
        path
        for path, tree in trees(ALL)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and len(node.args) > MOST_POSITIONAL and not is_a_list_of_names(node)
    }

    assert broken == set()


def test_no_module_is_a_drawer():
    assert {name_of(path) for path in CODE if path.stem in DRAWERS} == set()
