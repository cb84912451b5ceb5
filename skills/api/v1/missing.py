"""Answers addresses the API does not have, as a problem document."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from skills.api.v1.endpoint import HubView
from skills.lib.errors import missing


@extend_schema(exclude=True)
class NoSuchAddress(HubView):
    def get(self, request: Request, **_: Any) -> Response:
        raise missing()

    post = put = patch = delete = get
