"""The JSON of sources and their syncs: serializers for the schema, then the functions that fill them."""

from rest_framework import serializers as s

from skills.api.v1.schemas import Json, Shape
from skills.catalog.models import Visibility
from skills.sources.models import Source, SourceKind, Sync, SyncState


class SourceIn(Shape):
    kind = s.ChoiceField(choices=SourceKind.choices)
    url = s.CharField(max_length=500)
    ref = s.CharField(max_length=200, required=False, allow_blank=True, help_text="A branch or tag.")
    folder = s.CharField(max_length=300, required=False, allow_blank=True)
    names = s.ListField(child=s.CharField(max_length=128), required=False)
    minutes = s.IntegerField(required=False, help_text="Between two syncs: 0, 60, 360, 1440 or 10080.")
    visibility = s.ChoiceField(choices=Visibility.choices, required=False)
    approves = s.BooleanField(required=False)
    token = s.CharField(
        max_length=1000, required=False, allow_blank=True, help_text="Never answered again; empty forgets it."
    )


class SourceChange(SourceIn):
    kind = s.ChoiceField(choices=SourceKind.choices, required=False)
    url = s.CharField(max_length=500, required=False)


class SourceShape(Shape):
    id = s.IntegerField()
    kind = s.ChoiceField(choices=SourceKind.choices)
    url = s.CharField()
    ref = s.CharField()
    folder = s.CharField()
    names = s.ListField(child=s.CharField())
    minutes = s.IntegerField()
    visibility = s.ChoiceField(choices=Visibility.choices)
    approves = s.BooleanField()
    has_token = s.BooleanField()
    has_webhook = s.BooleanField()
    responsible = s.CharField()
    revision = s.CharField()
    failures = s.IntegerField()
    problem = s.CharField()
    synced_at = s.DateTimeField(allow_null=True)
    next_at = s.DateTimeField(allow_null=True)


def source(row: Source) -> Json:
    return {
        "id": row.pk,
        "kind": row.kind,
        "url": row.url,
        "ref": row.ref,
        "folder": row.folder,
        "names": row.names,
        "minutes": row.minutes,
        "visibility": row.visibility,
        "approves": row.approves,
        "has_token": row.has_token,
        "has_webhook": row.has_webhook,
        "responsible": row.responsible.username,
        "revision": row.revision,
        "failures": row.failures,
        "problem": row.problem,
        "synced_at": row.synced_at,
        "next_at": row.next_at,
    }


class SyncShape(Shape):
    id = s.IntegerField()
    plan = s.BooleanField(help_text="Only says what would change.")
    cause = s.CharField()
    by = s.CharField(allow_null=True)
    state = s.ChoiceField(choices=SyncState.choices)
    revision = s.CharField()
    problem = s.CharField()
    created_at = s.DateTimeField()
    finished_at = s.DateTimeField(allow_null=True)


class SyncDetail(SyncShape):
    changes = s.ListField(
        child=s.DictField(),
        help_text="A line for each skill: kind, path, name, previous, number, files, notes.",
    )
    left_out = s.ListField(child=s.DictField())


def sync(row: Sync) -> Json:
    return {
        "id": row.pk,
        "plan": row.is_plan,
        "cause": row.cause,
        "by": row.by.username if row.by else None,
        "state": row.state,
        "revision": row.revision,
        "problem": row.problem,
        "created_at": row.created_at,
        "finished_at": row.finished_at,
    }


def sync_detail(row: Sync) -> Json:
    return {**sync(row), "changes": row.changes, "left_out": row.left_out}


class HookMade(Shape):
    url = s.CharField(help_text="Where the sender delivers to.")
    secret = s.CharField(help_text="Shown this once.")
