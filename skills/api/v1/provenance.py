"""Where the bytes of a version come from, as JSON."""

from rest_framework import serializers as s

from skills.api.v1.schemas import Json, Shape, VersionDetail
from skills.catalog.models import Version
from skills.catalog.provenance import Provenance


class ProvenanceShape(Shape):
    url = s.CharField()
    ref = s.CharField(allow_blank=True)
    revision = s.CharField(allow_blank=True)
    path = s.CharField(allow_blank=True)


class VersionWithProvenance(VersionDetail):
    provenance = ProvenanceShape(
        required=False, allow_null=True, help_text="Where the bytes come from; told to accounts."
    )


def provenance(row: Version) -> Json | None:
    """None where somebody uploaded the bytes."""
    found = Provenance.objects.filter(version=row).first()
    if found is None:
        return None
    return {"url": found.url, "ref": found.ref, "revision": found.revision, "path": found.path}
