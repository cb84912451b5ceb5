"""How granian serves the product; the image's command in the Dockerfile has the same options."""

APPLICATION = "skillhub.asgi:application"

# A connection is all that a slow client costs (decision 0026), so there may be many.
_CONNECTIONS = "4096"
_OPTIONS = (
    *("--interface", "asgi"),
    *("--loop", "asyncio"),
    # Proxies speak HTTP/1.1 to what is behind them; a connection of HTTP/2 is many requests at once.
    *("--http", "1"),
    "--no-ws",
    *("--backlog", _CONNECTIONS),
    *("--backpressure", _CONNECTIONS),
    *("--http1-header-read-timeout", "10000"),  # milliseconds
    *("--http1-buffer-size", "65536"),  # bytes: longest head of a request, and what waits for a slow reader
    *("--log-level", "warning"),
)


def options(*, host: str, port: int, workers: int) -> list[str]:
    """The arguments of granian, all but the application."""
    return ["--host", host, "--port", str(port), "--workers", str(workers), *_OPTIONS]
