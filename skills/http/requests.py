"""What our middleware adds to a request."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from skills.people.actor import Actor


class HubRequest(HttpRequest):
    """For annotations: a request that has passed the middleware of settings.MIDDLEWARE."""

    actor: Actor
    htmx: HtmxDetails
    request_id: str
