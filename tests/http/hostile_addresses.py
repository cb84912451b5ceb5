"""Addresses that a person may enter and that nobody may be led to, and what stands for DNS beside them."""

import socket
from collections.abc import Iterator
from itertools import chain, repeat

PUBLIC, PRIVATE = "93.184.215.14", "10.0.0.5"

# What is nobody's server, whoever enters it.
NEVER = {
    "link-local": "https://169.254.169.254/latest/meta-data/",
    "link-local in decimal": "https://2852039166/",
    "link-local in hex": "https://0xa9fea9fe/",
    "link-local in IPv6": "https://[fe80::1]/",
    "link-local, mapped": "https://[::ffff:169.254.169.254]/",
    "link-local behind NAT64": "https://[64:ff9b::a9fe:a9fe]/",
    "link-local behind 6to4": "https://[2002:a9fe:a9fe::1]/",
    "site-local": "https://[fec0::1]/",
    "keys of a cloud": "https://[fd00:ec2::254]/",
    "a group": "https://224.0.0.1/",
    "a name of link-local": "https://metadata.example/",
    "a password": f"https://user:secret@{PUBLIC}/",
    "a user that looks like a host": "https://hub.example\\@127.0.0.1/",
    "a file": "file:///etc/passwd",
    "a helper of git": "ext::sh -c touch% /tmp/pwned",
    "an option": "--upload-pack=touch /tmp/pwned",
    "another scheme": "gopher://hub.example/",
    "no host": "https:///x",
    "no port": "https://hub.example:99999/",
}
# What is somebody's own: their machine, their network.
INSIDE = {
    "loopback": "https://127.0.0.1/",
    "loopback, short": "https://127.1/",
    "loopback in decimal": "https://2130706433/",
    "loopback in hex": "https://0x7f000001/",
    "loopback in octal": "https://0177.0.0.1/",
    "loopback in IPv6": "https://[::1]/",
    "loopback, mapped": "https://[::ffff:127.0.0.1]/",
    "any address": "https://0.0.0.0/",
    "a private network": "https://10.0.0.1/",
    "another private network": "https://192.168.1.1/",
    "a shared network": "https://100.64.0.1/",
    "a private network in IPv6": "https://[fd12::1]/",
    "a name of the inside": "https://inside.example/",
    "a name of both": "https://both.example/",
}
_NAMES = {
    "metadata.example": ["169.254.169.254"],
    "inside.example": [PRIVATE],
    "both.example": [PUBLIC, PRIVATE],
}


class Names:
    """`socket.getaddrinfo` that knows some names and asks nobody; `changes.example` is public once."""

    def __init__(self) -> None:
        self._look_up = socket.getaddrinfo
        self._changing: Iterator[list[str]] = chain([[PUBLIC]], repeat([PRIVATE]))

    def __call__(self, host, port, *_, **__):
        if host == "changes.example":
            return self._rows(next(self._changing), port)
        if host in _NAMES:
            return self._rows(_NAMES[host], port)
        if host.endswith(".example"):
            return self._rows([PUBLIC], port)
        # IP addresses in every form that the C library reads.
        return self._look_up(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)

    def _rows(self, addresses: list[str], port: int) -> list:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]
