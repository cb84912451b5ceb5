"""Serves the gateway in this process; several may share one port."""

import logging

import uvicorn

from skills.gateway.application import Gateway
from skills.gateway.connections import BrokenOffQuietly, PatientProtocol
from skills.gateway.port import check_port, listening_socket

_BACKLOG = 2048
_GRACE_SECONDS = 20  # that calls under way have when the process is asked to stop


def serve(host: str, port: int) -> None:
    """Serve until stopped; raises PortTaken."""
    check_port(host, port)
    logging.getLogger("uvicorn.error").addFilter(BrokenOffQuietly())
    listening = listening_socket(host, port)
    config = uvicorn.Config(
        Gateway().application,
        http=PatientProtocol,
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
