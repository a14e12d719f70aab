"""Which address a phone in the room can reach, found without asking anybody."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from veerkracht_site import lan

ROOT = Path(__file__).resolve().parent.parent
LO = ("lo", "127.0.0.1")


@pytest.mark.parametrize(
    ("interfaces", "routes", "expected"),
    [
        # wifi with internet
        ([LO, ("wlan0", "192.168.1.20")], ["192.168.1.20"], ["192.168.1.20"]),
        # the cable out and no way to elsewhere: the table of interfaces still knows
        ([LO, ("wlan0", "192.168.178.5")], [], ["192.168.178.5"]),
        # no table of interfaces on this system: the route knows
        ([], ["10.0.4.7"], ["10.0.4.7"]),
        # Docker made a network with nobody on it
        ([LO, ("docker0", "172.17.0.1"), ("wlan0", "192.168.1.20")], [], ["192.168.1.20", "172.17.0.1"]),
        # a VPN that everything would go through is still not the room
        ([LO, ("tun0", "10.8.0.2"), ("wlan0", "192.168.1.20")], ["10.8.0.2"], ["192.168.1.20", "10.8.0.2"]),
        # two real networks: the one that the computer uses itself
        ([("eth0", "10.1.0.9"), ("wlan0", "192.168.1.20")], ["192.168.1.20"], ["192.168.1.20", "10.1.0.9"]),
        # an address on the internet comes after one of the room
        ([("eth0", "145.97.1.2"), ("wlan0", "192.168.1.20")], ["145.97.1.2"], ["192.168.1.20", "145.97.1.2"]),
        # nothing that a phone could be on
        ([LO, ("eth0", "169.254.7.1")], ["127.0.0.1"], []),
    ],
)
def test_the_likeliest_address_comes_first(interfaces, routes, expected):
    assert [address.ip for address in lan.arrange(interfaces, routes)] == expected


def test_without_a_network_it_says_what_to_do():
    with pytest.raises(lan.NoAddress, match="op geen netwerk.*hotspot"):
        lan.choose([])


def test_an_address_on_the_internet_is_not_chosen_by_itself():
    with pytest.raises(lan.NoAddress, match="--host 145.97.1.2"):
        lan.choose(lan.arrange([("eth0", "145.97.1.2")], []))


def test_finding_out_sends_nothing(monkeypatch):
    class Silent(socket.socket):
        def send(self, *args):
            raise AssertionError("er ging iets het net op")

        sendto = sendmsg = sendall = send

        def connect(self, address):
            assert self.type == socket.SOCK_DGRAM, "alleen van UDP is verbinden stil"
            super().connect(address)

    monkeypatch.setattr(socket, "socket", Silent)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **options: pytest.fail("er werd naar een naam gevraagd"))
    assert all(address.is_usable for address in lan.find())


def serve(tmp_path, *words, **settings):
    env = (
        {k: v for k, v in os.environ.items() if k != "BASE_URL"} | {"VAR_DIR": str(tmp_path), "DEBUG": "on"} | settings
    )
    return subprocess.run(
        [sys.executable, "manage.py", "serve", "--lan", *words], cwd=ROOT, env=env, capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip


def test_an_address_of_another_computer_is_refused(tmp_path):
    done = serve(tmp_path, "--host", "198.51.100.7")
    assert done.returncode != 0
    assert "198.51.100.7 is geen adres van deze computer" in done.stderr


def test_an_installation_with_https_is_not_opened_to_the_room_without_it(tmp_path):
    done = serve(tmp_path, BASE_URL="https://veerkracht.voorbeeld.nl")
    assert done.returncode != 0
    assert "Start --lan zonder BASE_URL" in done.stderr
