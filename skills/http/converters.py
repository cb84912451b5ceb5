"""Parts of addresses: handles, skill names, version numbers."""

from django.urls import register_converter


class Handle:
    regex = r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class SkillName(Handle):
    regex = r"[a-z0-9]+(?:-[a-z0-9]+)*"


class Number(Handle):
    regex = r"[0-9]+\.[0-9]+\.[0-9]+(?:-[0-9A-Za-z.-]+)?"


class FilePath(Handle):
    regex = r"[^\x00]+"


for name, converter in (
    ("handle", Handle),
    ("skill", SkillName),
    ("number", Number),
    ("file", FilePath),
):
    register_converter(converter, name)
