"""The addresses of every protocol."""

from django.urls import include, path

from skills.protocols import packages

urlpatterns = [path("", include(f"{package.__name__}.urls")) for package in packages()]
