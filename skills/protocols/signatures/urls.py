"""Well-known addresses (RFC 8615), and the program that verifies."""

from django.urls import path

from skills.protocols.signatures import views

_AT = ".well-known/skillhub"

urlpatterns = [
    path(f"{_AT}/keys.json", views.key_list, name="signing-keys"),
    path(f"{_AT}/keys.dsse.json", views.signed_key_list, name="signing-keys-signed"),
    path(f"{_AT}/keys/<slug:keyid>.pem", views.key_as_pem, name="signing-key-pem"),
    path(f"{_AT}/snapshot.json", views.snapshot, name="public-snapshot"),
    path(f"{_AT}/checkpoint", views.checkpoint, name="audit-checkpoint"),
    path(f"{_AT}/release-v1.schema.json", views.release_schema, name="release-schema"),
    path("skillhub-verify.py", views.verifier, name="skillhub-verify"),
]
