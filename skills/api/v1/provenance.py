"""Where the bytes of a version come from, as JSON."""

from rest_framework import serializers as s

from skills.api.v1.schemas import Json, Shape, Verdict, VersionDetail
from skills.catalog.models import Version
from skills.catalog.provenance import Provenance


class ProvenanceShape(Shape):
    url = s.CharField()
    ref = s.CharField(allow_blank=True)
    revision = s.CharField(allow_blank=True)
    path = s.CharField(allow_blank=True)
    run_url = s.CharField(allow_blank=True, help_text="Of the run of CI that brought them.")
    started_by = s.CharField(allow_blank=True, help_text="Who started the run, by their name there.")
    brought_by = s.CharField(allow_blank=True, help_text="The trusted publisher, in words.")


class VersionWithProvenance(VersionDetail, Verdict):
    provenance = ProvenanceShape(
        required=False, allow_null=True, help_text="Where the bytes come from; told to accounts."
    )


def provenance(row: Version) -> Json | None:
    """None where somebody uploaded the bytes."""
    found = Provenance.objects.filter(version=row).first()
    if found is None:
        return None
    return {
        "url": found.url,
        "ref": found.ref,
        "revision": found.revision,
        "path": found.path,
        "run_url": found.run_url,
        "started_by": found.started_by,
        "brought_by": found.brought_by,
    }
