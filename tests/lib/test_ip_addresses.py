"""Public addresses alone count as public, in whatever form an IPv4 address is hidden."""

import ipaddress

import pytest

from skills.lib import ip_addresses

OURS = ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"]
THEIRS = ["93.184.215.14", "8.8.8.8"]
# How IPv4 addresses stand in IPv6 ones; `%s` is the address as two groups of hex digits.
FORMS = {
    "mapped": "::ffff:%s",
    "compatible": "::%s",
    "translated": "::ffff:0:%s",
    "NAT64": "64:ff9b::%s",
    "local NAT64": "64:ff9b:1::%s",
    "6to4": "2002:%s::1",
    "ISATAP": "2606:4700::5efe:%s",
    "ISATAP, unique": "2606:4700::200:5efe:%s",
    "Teredo server": "2001:0:%s::ffff:ffff",
}


def in_form(form: str, address: str) -> ipaddress.IPv6Address:
    number = int(ipaddress.IPv4Address(address))
    return ip_addresses.read(FORMS[form] % f"{number >> 16:x}:{number & 0xFFFF:x}")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("address", OURS)
def test_an_address_of_ours_is_not_public_in_any_form(form, address):
    assert not ip_addresses.is_public(ipaddress.ip_address(address))
    assert not ip_addresses.is_public(in_form(form, address))


@pytest.mark.parametrize("address", OURS)
def test_a_teredo_client_is_read_behind_its_inverted_bits(address):
    inverted = int(ipaddress.IPv4Address(address)) ^ 0xFFFFFFFF
    teredo = ipaddress.IPv6Address((0x20010000_08080808 << 64) | inverted)

    assert teredo.teredo == (ipaddress.IPv4Address("8.8.8.8"), ipaddress.IPv4Address(address))
    assert not ip_addresses.is_public(teredo)


@pytest.mark.parametrize("form", ["mapped", "NAT64", "6to4", "ISATAP"])
@pytest.mark.parametrize("address", THEIRS)
def test_a_public_address_is_public_in_the_forms_that_are_routed(form, address):
    assert ip_addresses.is_public(in_form(form, address))


@pytest.mark.parametrize(
    "address",
    [
        "::",
        "::1",
        "100::1",
        "2001:db8::1",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "ff0e::1",
        "4000::1",
        "224.0.0.1",
        "239.1.1.1",
        "240.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "198.18.0.1",
        "203.0.113.1",
    ],
)
def test_what_is_not_global_unicast_is_not_public(address):
    assert not ip_addresses.is_public(ip_addresses.read(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "2a00:1450:4001::200e", "2620:fe::fe"])
def test_global_unicast_is_public(address):
    assert ip_addresses.is_public(ip_addresses.read(address))


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.1.2.3", "192.168.0.9", "100.64.0.1", "::1", "fd12::1", *THEIRS]
)
def test_a_server_may_be_public_inside_or_here(address):
    assert ip_addresses.is_server(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254",
        "100.100.100.200",
        "168.63.129.16",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "240.0.0.1",
    ],
)
def test_what_answers_every_machine_of_a_cloud_is_no_server(address):
    assert not ip_addresses.is_server(ipaddress.ip_address(address))


@pytest.mark.parametrize("form", FORMS)
def test_nor_is_it_in_any_form(form):
    assert not ip_addresses.is_server(in_form(form, "169.254.169.254"))
