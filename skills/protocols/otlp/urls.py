"""The three addresses of OTLP. Exporters put /v1/… behind the base that they are given."""

from django.urls import path

from skills.protocols.otlp import views
from skills.usage.otlp import Signal

urlpatterns = [
    path(f"otlp/v1/{signal}", views.export, {"signal": signal}, name=f"otlp-{signal}") for signal in Signal
]
