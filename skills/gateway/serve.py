"""Serves the gateway in this process; several may share one port."""

import socket

import uvicorn

from skills.gateway.application import Gateway

_BACKLOG = 2048
_GRACE_SECONDS = 20  # that calls under way have when the process is asked to stop


def serve(host: str, port: int) -> None:
    listening = _socket(host, port)
    config = uvicorn.Config(
        Gateway().application,
        http="httptools",
        loop="uvloop",
        ws="none",
        lifespan="on",
        backlog=_BACKLOG,
        access_log=False,  # Gemini's clients put their key into the address
        log_config=None,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    uvicorn.Server(config).run(sockets=[listening])


def _socket(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # The kernel deals connections out among the gateways that listen here.
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listening.bind((host, port))
    listening.setblocking(False)  # noqa: FBT003 - the system's own signature
    return listening
