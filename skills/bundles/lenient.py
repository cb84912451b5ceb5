"""Mends what existing skills get wrong, for imports only, and says each thing it did."""

import re
from collections.abc import Mapping, Sequence

from skills.bundles.frontmatter import FILE, FrontMatter, read_front_matter, split
from skills.bundles.limits import BundleLimits
from skills.bundles.magic import decode
from skills.bundles.manifest import (
    COMPATIBILITY_LENGTH,
    DESCRIPTION_LENGTH,
    NAME,
    NAME_LENGTH,
    suggest_name,
)
from skills.bundles.text_places import UTF16_MARKS, text_problem
from skills.bundles.validate import Validation, check_files

_FIELD_LINE = re.compile(r"^([A-Za-z][\w-]*):(.*)$")
_HEADING = re.compile(r"^#{1,6}[ \t]+(\S.*)$", re.MULTILINE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def mend(files: Mapping[str, bytes], slug: str, limits: BundleLimits) -> tuple[dict[str, bytes], list[str]]:
    """FILES as text, with a SKILL.md that passes, and what was changed (empty when nothing was)."""
    conversions: list[str] = []
    in_utf8 = {path: _in_utf8(path, data, conversions) for path, data in files.items()}
    mended, notes = _mend_skill_md(in_utf8, slug, limits)
    return mended, conversions + notes


def _mend_skill_md(
    files: Mapping[str, bytes], slug: str, limits: BundleLimits
) -> tuple[dict[str, bytes], list[str]]:
    text = decode(files.get(FILE, b""))
    if not text or not text.strip():
        return dict(files), []
    notes: list[str] = []
    clean = _CONTROL.sub("", text.replace("\r\n", "\n")) if _CONTROL.search(text) else text
    if clean != text:
        notes.append("removed control characters")
    document = clean.lstrip("\n\ufeff ")
    matter = read_front_matter(document, limits)
    if document != clean and not matter.problems:
        notes.append("removed blanks before the front matter")
    fields = _readable_fields(matter, document, notes)
    fields = _with_name_and_description(fields, matter.body, slug, notes)
    fields = _with_valid_types(fields, notes)
    if not notes:
        return dict(files), []
    body = matter.body if matter.body.strip() else f"\n{fields['description']}\n"
    document = f"---\n{_as_yaml(fields)}---\n{body}"
    return {**files, FILE: document.encode()}, notes


def _in_utf8(path: str, data: bytes, notes: list[str]) -> bytes:
    """DATA in UTF-8, where PATH must be text and an encoding of the past reads it; else as it is."""
    encoding = "utf-16" if data.startswith(UTF16_MARKS) else "cp1252"
    if text_problem(path, data) is None:
        return data
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return data
    if "\0" in text:
        return data
    notes.append(f"converted {path} from {encoding} to UTF-8")
    return text.encode()


def mend_and_check(
    files: Mapping[str, bytes], slug: str, limits: BundleLimits
) -> tuple[Validation, list[str]]:
    """FILES mended and validated, and what was changed; pure, so that another process can do it."""
    mended, notes = mend(files, slug, limits)
    return check_files(mended, limits), notes


def mend_and_check_all(
    skills: Sequence[tuple[Mapping[str, bytes], str]], limits: BundleLimits
) -> list[tuple[Validation, list[str]]]:
    """The same for many, each with its files and slug."""
    return [mend_and_check(files, slug, limits) for files, slug in skills]


def renamed(files: Mapping[str, bytes], slug: str, limits: BundleLimits) -> tuple[Validation, str]:
    """FILES under another name, because theirs is taken, and the note that says so."""
    text = decode(files[FILE]) or ""
    matter = read_front_matter(text, limits)
    old, new = matter.fields["name"], suggest_name(slug)
    document = f"---\n{_as_yaml({**matter.fields, 'name': new})}---\n{matter.body}"
    report = check_files({**files, FILE: document.encode()}, limits)
    return report, f"name {old!r} was taken and became {new!r}"


def _readable_fields(matter: FrontMatter, text: str, notes: list[str]) -> dict[str, object]:
    """The fields as YAML has them, else line by line, else none; MATTER gets the body that goes with them."""
    if not matter.problems and matter.fields:
        return dict(matter.fields)
    parts = split(text)
    if parts is None:
        notes.append("wrote front matter, there was none")
        return {}
    reason = matter.problems[0].code if matter.problems else "it was empty"
    notes.append(f"rewrote the front matter ({reason})")
    matter.body = parts[1]
    return _line_by_line(parts[0])


def _line_by_line(raw: str) -> dict[str, object]:
    """Read `field: anything to the end of the line`, which broken YAML usually means."""
    fields: dict[str, object] = {}
    last = ""
    for line in raw.splitlines():
        match = _FIELD_LINE.match(line)
        if match:
            last = match.group(1)
            value = match.group(2).strip()
            fields.setdefault(last, "" if value in {"|", ">", "|-", ">-"} else value.strip("\"'"))
        elif last and line.strip() and line.startswith((" ", "\t")):
            fields[last] = f"{fields[last]} {line.strip()}".strip()
    # Only fields of plain text: read by the line, lists and maps would become text of no use.
    return {name: value for name, value in fields.items() if name in {"name", "description", "license"}}


def _with_name_and_description(
    fields: dict[str, object], body: str, slug: str, notes: list[str]
) -> dict[str, object]:
    """FIELDS with a name (of SLUG) and a description (of the text) where they are missing or not valid."""
    name = fields.get("name")
    if not isinstance(name, str) or not NAME.fullmatch(name) or len(name) > NAME_LENGTH:
        notes.append(f"name {str(name)[:60]!r} became {suggest_name(slug)!r}")
        fields["name"] = suggest_name(slug)
    description = fields.get("description")
    if isinstance(description, list):
        description = " ".join(map(str, description))
        notes.append("joined the parts of the description")
    if not isinstance(description, str) or not description.strip():
        heading = _HEADING.search(body)
        first = next((line for line in body.splitlines() if line.strip(" #-*>`")), "")
        description = (heading.group(1) if heading else first).strip(" #*`") or slug
        notes.append("took the description from the text")
    if len(description.strip()) > DESCRIPTION_LENGTH:
        notes.append(f"shortened the description to {DESCRIPTION_LENGTH} characters")
        description = description.strip()[: DESCRIPTION_LENGTH - 1].rstrip() + "…"
    if not body.strip():
        notes.append("wrote a body, there was none")
    return fields | {"description": description.strip()}


def _with_valid_types(fields: dict[str, object], notes: list[str]) -> dict[str, object]:
    """FIELDS without what has the wrong type or is too long, or with its nearest valid form."""
    metadata = fields.get("metadata")
    if metadata is not None and not (
        isinstance(metadata, dict) and all(isinstance(value, str) for value in metadata.values())
    ):
        notes.append("flattened the metadata")
        fields["metadata"] = _flat(metadata)
    for name, limit in (("license", DESCRIPTION_LENGTH), ("compatibility", COMPATIBILITY_LENGTH)):
        value = fields.get(name)
        if value is not None and (not isinstance(value, str) or not value.strip()):
            notes.append(f"removed {name}: it was not text")
            del fields[name]
        elif isinstance(value, str) and len(value) > limit:
            notes.append(f"shortened {name} to {limit} characters")
            fields[name] = value[: limit - 1] + "…"
    tools = fields.get("allowed-tools")
    if tools is not None and not isinstance(tools, str):
        flat = tools if isinstance(tools, list) else []
        if not all(isinstance(item, str) for item in flat) or not isinstance(tools, list):
            notes.append("removed allowed-tools: it was not a list of names")
            del fields["allowed-tools"]
    return fields


def _flat(value: object, prefix: str = "") -> dict[str, str]:
    """Nested maps as one, with dotted names; lists as text with commas."""
    if isinstance(value, dict):
        result: dict[str, str] = {}
        for key, item in value.items():
            result |= _flat(item, f"{prefix}.{key}" if prefix else str(key))
        return result
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return {prefix or "value": text}


def _as_yaml(fields: Mapping[str, object]) -> str:
    import yaml

    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    text: str = yaml.dump(dict(fields), Dumper=dumper, allow_unicode=True, sort_keys=False, width=10_000)
    return text
