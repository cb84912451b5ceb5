"""Documents that were signed by the worker; nothing is signed for a request."""

from pathlib import Path

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from skills import signing
from skills.http.conditional import not_modified, private
from skills.http.header_values import etag
from skills.http.throttling import throttle
from skills.http.token_auth import actor_of
from skills.lib.errors import missing
from skills.people.actor import Actor
from skills.protocols.answers import with_problems
from skills.signing.checkpoints import newest_checkpoint
from skills.signing.documents import payload_digest
from skills.signing.keys import published_keys
from skills.signing.models import SignedDocument, SigningKey
from skills.signing.snapshots import public_snapshot
from skills.signing.statements import not_signed

_FILES = Path(signing.__file__).parent


def _asking(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    throttle(request, actor, "read")
    return actor


def _answer(request: HttpRequest, document: SignedDocument, response: HttpResponse) -> HttpResponse:
    tag = etag(payload_digest(document))
    response = not_modified(request, tag) or response
    response.headers["Access-Control-Allow-Origin"] = "*"
    return private(response, tag)


@require_safe
@with_problems
def key_list(request: HttpRequest) -> HttpResponse:
    """The keys as they are, for people and other tools: byte for byte what the signed list holds."""
    _asking(request)
    document = published_keys()
    return _answer(request, document, HttpResponse(document.payload, content_type="application/json"))


@require_safe
@with_problems
def signed_key_list(request: HttpRequest) -> HttpResponse:
    """The same list under the signatures of the keys that sign: how a pinned key vouches for the next."""
    _asking(request)
    document = published_keys()
    return _answer(request, document, JsonResponse(document.envelope))


@require_safe
@with_problems
def key_as_pem(request: HttpRequest, keyid: str) -> HttpResponse:
    """One public key, for tools that take a file."""
    _asking(request)
    key = SigningKey.objects.filter(keyid=keyid).first()
    if key is None:
        raise missing()
    return private(HttpResponse(key.public_pem, content_type="application/x-pem-file"))


@require_safe
@with_problems
def snapshot(request: HttpRequest) -> HttpResponse:
    """Every public release and its state, signed, with a number and an end."""
    document = public_snapshot(_asking(request))
    return _answer(request, document, JsonResponse(document.envelope))


@require_safe
@with_problems
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The head of the audit log, to be kept by whoever wants to know whether it was rewritten."""
    _asking(request)
    newest = newest_checkpoint()
    if newest is None:
        raise not_signed("The audit log is not signed yet.")
    return private(HttpResponse(newest.note, content_type="text/plain; charset=utf-8"))


@require_safe
def release_schema(request: HttpRequest) -> HttpResponse:
    """The JSON Schema of what is said about a release."""
    text = (_FILES / "release-v1.schema.json").read_text(encoding="utf-8")
    return HttpResponse(text, content_type="application/schema+json")


@require_safe
def verifier(request: HttpRequest) -> HttpResponse:
    """One file of Python that verifies without us."""
    text = (_FILES / "skillhub_verify.py").read_text(encoding="utf-8")
    return HttpResponse(text, content_type="text/x-python; charset=utf-8")
