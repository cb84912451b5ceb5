"""Parts of addresses: handles, skill names, version numbers, paths of files."""

from django.urls import register_converter


class _Text:
    """A part of an address that stays the text it is, where `regex` matches it whole."""

    regex: str

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class HandleConverter(_Text):
    """The handle of a team or an account, as `people.models.HANDLE` has it."""

    regex = r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?"


class SkillNameConverter(_Text):
    """The name of a skill, after the Agent Skills specification."""

    regex = r"[a-z0-9]+(?:-[a-z0-9]+)*"


class NumberConverter(_Text):
    """The number of a version, e.g. 1.2.0 or 2.0.0-beta.1."""

    regex = r"[0-9]+\.[0-9]+\.[0-9]+(?:-[0-9A-Za-z.-]+)?"


class FilePathConverter(_Text):
    """The path of a file in a bundle; it may contain slashes."""

    # PostgreSQL keeps no NUL, so such a path cannot name a file; it is a 404 before the database is asked.
    regex = r"[^\x00]+"


def register_converters() -> None:
    """Make <handle:>, <skill:>, <number:> and <file:> known to `path`."""
    register_converter(HandleConverter, "handle")
    register_converter(SkillNameConverter, "skill")
    register_converter(NumberConverter, "number")
    register_converter(FilePathConverter, "file")
