"""OTLP over HTTP: what agents that do not call models through us tell of their calls."""
