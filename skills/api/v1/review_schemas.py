"""The conversation on a version as JSON: what is sent and what is answered."""

from rest_framework import serializers as s

from skills.api.v1.schemas import Json, Shape
from skills.reviews.models import BODY_LENGTH, Comment

_LAST_LINE = 1_000_000


class CommentIn(Shape):
    """A remark on lines of a file, on the whole (no path), or in a thread."""

    body = s.CharField(max_length=BODY_LENGTH, help_text="Markdown. A block ```suggestion holds other lines.")
    path = s.CharField(required=False, allow_blank=True, max_length=255)
    first_line = s.IntegerField(
        required=False,
        min_value=0,
        max_value=_LAST_LINE,
        help_text="Of several; `line` is the last.",
    )
    line = s.IntegerField(required=False, min_value=0, max_value=_LAST_LINE)
    base = s.CharField(
        required=False, help_text="The lines are those of this version, before the changes, as they were."
    )
    reply_to = s.IntegerField(required=False, min_value=1)


class CommentChange(Shape):
    """What is changed of a remark: its words by whoever wrote it, whether its thread is resolved by all."""

    body = s.CharField(required=False, max_length=BODY_LENGTH)
    resolved = s.BooleanField(required=False)


class CommentShape(Shape):
    id = s.IntegerField()
    author = s.CharField()
    path = s.CharField(allow_blank=True)
    first_line = s.IntegerField()
    line = s.IntegerField()
    side = s.CharField(help_text="`new`, or `old` where the lines are those of `base`.")
    base = s.CharField(allow_blank=True)
    reply_to = s.IntegerField(allow_null=True)
    attempt = s.IntegerField()
    body = s.CharField()
    resolved = s.BooleanField()
    created_at = s.DateTimeField()
    edited_at = s.DateTimeField(allow_null=True)


def comment(row: Comment) -> Json:
    return {
        "id": row.pk,
        "author": row.author.username,
        "path": row.path,
        "first_line": row.first,
        "line": row.line,
        "side": row.side,
        "base": row.base.number if row.base else "",
        "reply_to": row.parent_id,
        "attempt": row.version.attempt,
        "body": row.body,
        "resolved": row.resolved_at is not None,
        "created_at": row.created_at,
        "edited_at": row.edited_at,
    }
