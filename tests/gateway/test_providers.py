"""The gateway's way to providers: the very address of a connection is looked at, whatever its name."""

import asyncio
import socket

import aiohttp
import pytest

from skills.gateway.application import _client
from skills.gateway.call import CallLimits
from skills.gateway.providers import socket_to

LIMITS = CallLimits(call=5, silence=5, drain=5)


@pytest.mark.parametrize("host", ["169.254.169.254", "[fe80::1]", "[::ffff:169.254.169.254]"])
def test_no_call_reaches_what_is_nobody_s_server(host):
    async def call() -> None:
        async with _client(LIMITS) as http, http.get(f"http://{host}/", allow_redirects=False):
            pytest.fail("it answered")

    with pytest.raises(aiohttp.ClientConnectorError, match="not an address at which models are asked"):
        asyncio.run(call())


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "93.184.215.14"])
def test_the_own_machine_the_own_network_and_all_others_are_reached(address):
    with socket_to((socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80))) as opened:
        assert opened.type == socket.SOCK_STREAM
