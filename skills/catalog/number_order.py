"""The precedence of version numbers, as the database sorts them: an index keeps it, and no page makes it."""

from django.db.models import CharField, F, Func


class NumberKey(Func):
    """A text that sorts as semantic versioning sorts numbers; the function is made by migration 0030."""

    function = "skills_number_key"
    # By the codes of the letters: other collations pass over the marks between the parts.
    template = '(%(function)s(%(expressions)s) collate "C")'
    arity = 1
    output_field = CharField()


HIGHEST_FIRST = (NumberKey("number").desc(), F("attempt").desc())
