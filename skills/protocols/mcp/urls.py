"""One address."""

from django.urls import path

from skills.protocols.mcp import views

urlpatterns = [path("mcp", views.mcp, name="mcp")]
