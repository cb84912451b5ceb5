"""Gateways of one product share a port; with anybody else's they do not start."""

import socket
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command

from skills.gateway import port as gateway_port
from skills.gateway.port import PortTaken, check_port, listening_socket

pytestmark = pytest.mark.django_db


@pytest.fixture
def stranger():
    """The port of a program that listens and never answers."""
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


def test_a_second_gateway_of_the_same_product_may_listen_too(desk):
    check_port("127.0.0.1", urlsplit(desk.url).port)


def test_a_gateway_of_another_product_may_not(desk, monkeypatch):
    monkeypatch.setattr(gateway_port, "product_mark", lambda: "another")

    with pytest.raises(PortTaken, match="another SkillHub"):
        check_port("127.0.0.1", urlsplit(desk.url).port)


def test_two_sockets_of_gateways_share_one_port():
    with listening_socket("127.0.0.1", 0) as first:
        first.listen()
        listening_socket("127.0.0.1", first.getsockname()[1]).close()


def test_where_another_program_listens_the_command_ends_with_a_sentence(stranger, settings, monkeypatch):
    monkeypatch.setattr(gateway_port, "_SECONDS", 0.2)
    settings.GATEWAY_PORT = stranger

    with pytest.raises(CommandError, match="choose another port: GATEWAY_PORT"):
        call_command("gateway")
