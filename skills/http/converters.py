"""Parts of addresses: handles, skill names, version numbers."""

from django.urls import register_converter


class HandleConverter:
    regex = r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class SkillNameConverter(HandleConverter):
    regex = r"[a-z0-9]+(?:-[a-z0-9]+)*"


class NumberConverter(HandleConverter):
    regex = r"[0-9]+\.[0-9]+\.[0-9]+(?:-[0-9A-Za-z.-]+)?"


class FilePath(HandleConverter):
    regex = r"[^\x00]+"


for name, converter in (
    ("handle", HandleConverter),
    ("skill", SkillNameConverter),
    ("number", NumberConverter),
    ("file", FilePath),
):
    register_converter(converter, name)
