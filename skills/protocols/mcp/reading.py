"""What tools and resources answer, from the same selectors as pages and API; knows nothing of MCP."""

from typing import Any, NotRequired, TypedDict

from skills.bundles.frontmatter import read_front_matter
from skills.bundles.limits import BundleLimits
from skills.bundles.magic import decode
from skills.bundles.manifest import Manifest
from skills.catalog.models import File, Skill, State, Version
from skills.catalog.selectors import file_of, find_skill
from skills.catalog.visibility import readable
from skills.delivery.content import file_bytes
from skills.delivery.count import counted
from skills.delivery.resolve import resolve
from skills.lib import whole_numbers
from skills.lib.errors import Conflict, missing, refuse
from skills.lib.pages import page
from skills.lib.tokens import count
from skills.people.actor import Actor
from skills.search import log
from skills.search.query import search
from skills.search.token_budget import PackedHit, packed

CLIENT = "mcp"
_PAGE = 50
_ALLOWANCE = 20_000  # tokens of one text when nothing is asked for
SCHEME = "skill://"


class ToolHit(TypedDict):
    """A skill as `search_skills` lists it; `name` is team/name, which `load_skill` takes."""

    name: str
    version: str | None
    description: str
    score: float


class SearchResult(TypedDict):
    """What `search_skills` answers: `meaning` is false where words alone were compared."""

    results: list[ToolHit]
    meaning: bool
    corrections: dict[str, str]
    left_out: NotRequired[int]  # hits beyond the token budget, where there are any


def search_skills(actor: Actor, given: dict[str, Any]) -> SearchResult:
    """The best skills for a sentence, within the allowance of tokens."""
    query = _text(given, "query")
    if not query.strip():
        raise refuse("bad_parameter", "`query` is empty.", "Say what you want to be able to do.")
    limit = _number(given, "limit", 5, 50)
    budget = _number(given, "token_budget", 2_000, 100_000)
    answer = search(actor, query, size=limit)
    log.searched(actor, query, [hit.skill.pk for hit in answer.hits], answer.total)
    fitting = packed(answer, budget)
    result: SearchResult = {
        "results": [_tool_hit(hit) for hit in fitting["results"]],
        "meaning": fitting["meaning"],
        "corrections": fitting["corrections"],
    }
    if fitting["left_out"]:
        result["left_out"] = fitting["left_out"]
    return result


def _tool_hit(hit: PackedHit) -> ToolHit:
    return {
        "name": f"{hit['team']}/{hit['name']}",
        "version": hit["version"],
        "description": hit["description"],
        "score": hit["score"],
    }


def load_skill(actor: Actor, given: dict[str, Any]) -> str:
    """SKILL.md with a heading that says what it is, its digest and its other files."""
    version = _version(actor, given)
    text = file_bytes(version, file_of(version, "SKILL.md")).decode("utf-8-sig")
    counted(version.pk, CLIENT, actor)
    others = File.objects.filter(version=version).exclude(path="SKILL.md").exclude(path__startswith="evals/")
    listed = "\n".join(
        f"- {path} ({size} bytes)" for path, size in others.order_by("path").values_list("path", "size")
    )
    head = f"{version.skill} {version.number} {version.digest}\n"
    if version.state == State.YANKED:
        head += f"Warning: yanked: {version.reason}\n"
    files = f"\n\nFiles, read with read_skill_file when the text sends you there:\n{listed}" if listed else ""
    return f"{head}\n{_cut(text, _number(given, 'token_budget', _ALLOWANCE, 1_000_000))}{files}"


def read_file(actor: Actor, given: dict[str, Any]) -> str:
    """One text file, within the allowance."""
    version = _version(actor, given)
    text = decode(file_bytes(version, file_of(version, _text(given, "path"))))
    if text is None:
        raise refuse("not_text", "This file is not text.", "Fetch it by HTTP; the skill's page says how.")
    return _cut(text, _number(given, "token_budget", _ALLOWANCE, 1_000_000))


def _text(given: dict[str, Any], name: str, default: str | None = None) -> str:
    value = given.get(name, default)
    if not isinstance(value, str) or len(value) > 2_000:
        raise refuse("bad_parameter", f"`{name}` is text.")
    return value


def _number(given: dict[str, Any], name: str, default: int, most: int) -> int:
    number = whole_numbers.from_json(given.get(name, default), None, least=1, most=most)
    if number is None:
        raise refuse("bad_parameter", f"`{name}` is a whole number from 1 to {most}.")
    return number


def _cut(text: str, tokens: int) -> str:
    """TEXT within TOKENS, saying so where it is cut."""
    if count(text) <= tokens:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if count(text[:middle]) <= tokens else (low, middle - 1)
    return f"{text[:low]}\n[cut after {tokens} tokens; ask with a larger token_budget for the rest]"


def _version(actor: Actor, given: dict[str, Any]) -> Version:
    return resolve(actor, _skill(actor, _text(given, "name")), _text(given, "version", ""))


def _skill(actor: Actor, name: str) -> Skill:
    """By team/name, or by a name that one team alone uses."""
    team, slash, rest = name.strip().removeprefix("@").partition("/")
    if slash:
        return find_skill(actor, team, rest)
    rows = list(
        Skill.objects.filter(readable(actor), name=team, shown__isnull=False).select_related(
            "team", "latest"
        )[:20]
    )
    if len(rows) > 1:
        choices = ", ".join(str(row) for row in rows)
        raise refuse(
            "ambiguous", f"Several teams have a skill {team}.", f"Say which: {choices}.", kind=Conflict
        )
    if not rows:
        raise missing()
    return rows[0]


def uri_of(version: Version, path: str = "SKILL.md") -> str:
    return f"{SCHEME}{version.skill.team.handle}/v{version.number}/{version.skill.name}/{path}"


def listed(actor: Actor, cursor: str) -> tuple[list[dict[str, Any]], str]:
    """One page of skills in the form of SEP-2640, and the next cursor."""
    rows = Skill.objects.filter(readable(actor), shown__state=State.APPROVED)
    found = page(rows.select_related("team", "shown"), "name", cursor, _PAGE)
    versions = []
    for skill in found.rows:
        assert skill.shown is not None
        skill.shown.skill = skill
        versions.append(skill.shown)
    return _entries(versions), found.next


def _entries(versions: list[Version]) -> list[dict[str, Any]]:
    """Front matter word for word and every file with digest and size; the evals stay here."""
    files: dict[int, list[File]] = {version.pk: [] for version in versions}
    for file in File.objects.filter(version__in=versions).exclude(path__startswith="evals/").order_by("path"):
        files[file.version_id].append(file)
    return [
        {
            "uri": uri_of(version),
            "frontmatter": _front_matter_fields(version),
            "resources": [
                {"uri": uri_of(version, file.path), "digest": f"sha256:{file.sha256}", "size": file.size}
                for file in files[version.pk]
            ],
        }
        for version in versions
    ]


def _front_matter_fields(version: Version) -> dict[str, Any]:
    front_matter = Manifest.from_json(version.manifest).front_matter
    return read_front_matter(f"---\n{front_matter}\n---\n", BundleLimits()).fields


def one(actor: Actor, uri: str) -> dict[str, Any]:
    version, _ = _at(actor, uri)
    return _entries([version])[0]


def resource(actor: Actor, uri: str) -> tuple[bytes, bool]:
    """The bytes at a URI and whether they are text."""
    version, path = _at(actor, uri)
    data = file_bytes(version, file_of(version, path))
    if path == "SKILL.md":
        counted(version.pk, CLIENT, actor)
    return data, decode(data) is not None


def _at(actor: Actor, uri: str) -> tuple[Version, str]:
    """skill://TEAM/vNUMBER/NAME/PATH; without vNUMBER the latest."""
    parts = uri.removeprefix(SCHEME).split("/")
    if not uri.startswith(SCHEME) or len(parts) < 3:
        raise missing()
    team, rest = parts[0], parts[1:]
    number = rest.pop(0)[1:] if rest[0][:1] == "v" and rest[0][1:2].isdigit() else ""
    if len(rest) < 2:
        raise missing()
    return resolve(actor, find_skill(actor, team, rest[0]), number), "/".join(rest[1:])
