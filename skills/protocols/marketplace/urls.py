"""A catalogue for each team and channel, and its archives."""

from django.urls import path

from skills.protocols.marketplace import views

urlpatterns = [
    path("t/<handle:team>/marketplace.json", views.marketplace, name="marketplace"),
    path("t/<handle:team>/<slug:channel>/marketplace.json", views.marketplace, name="marketplace-channel"),
    path("t/<handle:team>/plugins/<skill:name>/<number:number>.zip", views.plugin, name="plugin-zip"),
]
