"""Baselines behind the product's own server and middleware."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from skills.people.models import Team


def one_row(_request: HttpRequest, handle: str) -> HttpResponse:
    """Reads one row and answers its text."""
    return HttpResponse(Team.objects.get(handle=handle).name, content_type="text/plain")


def bare_template(request: HttpRequest) -> HttpResponse:
    """The page frame and nothing in it."""
    return render(request, "base.html")


handler404 = "skills.web.errors.not_found"
urlpatterns = [
    path("bench/row/<str:handle>", one_row, name="bench-row"),
    path("bench/template", bare_template, name="bench-template"),
    path("", include("skillhub.urls")),
]
