"""Which address this computer has on the local network. Nothing is sent: only the computer itself is asked."""

import ipaddress
import socket
import struct
from dataclasses import dataclass

try:
    import fcntl
except ImportError:  # not Linux: then the table of routes alone must tell
    fcntl = None

# Of programs on this computer, not of a network with phones on it.
VIRTUAL = ("docker", "br-", "veth", "virbr", "vmnet", "vboxnet", "tun", "tap", "wg", "tailscale", "zt", "podman", "cni")
# Connecting a UDP socket chooses a route and sends nothing. The first is never given out; it stands for "elsewhere".
SOMEWHERE = ("198.51.100.1", "192.168.1.1", "10.0.0.1", "172.16.0.1")
SIOCGIFADDR = 0x8915


class NoAddress(Exception):
    """No network that a phone could be on; the message says in Dutch what to do."""


@dataclass(frozen=True)
class Address:
    ip: str
    interface: str = ""
    by_route: bool = False  # the computer would use it itself to reach others

    @property
    def is_usable(self) -> bool:
        ip = ipaddress.ip_address(self.ip)
        return not (ip.is_loopback or ip.is_link_local or ip.is_unspecified or ip.is_multicast)

    @property
    def is_private(self) -> bool:
        return ipaddress.ip_address(self.ip).is_private

    @property
    def is_virtual(self) -> bool:
        return self.interface.startswith(VIRTUAL)


def find() -> list[Address]:
    """All addresses that others could reach, the likeliest first."""
    routes = [address for place in SOMEWHERE if (address := _towards(place))]
    return arrange(_of_interfaces(), routes)


def arrange(interfaces: list[tuple[str, str]], routes: list[str]) -> list[Address]:
    """From (interface, address) pairs and the addresses that routes would use: private before public, a real card
    before what programs made, and then what the computer would use itself."""
    names = {ip: name for name, ip in reversed(interfaces)}
    known = [*routes, *names]
    found = [Address(ip, names.get(ip, ""), ip in routes) for ip in dict.fromkeys(known)]
    usable = [address for address in found if address.is_usable]
    return sorted(usable, key=lambda address: (not address.is_private, address.is_virtual, not address.by_route))


def choose(found: list[Address]) -> Address:
    if not found:
        raise NoAddress(
            "Deze computer zit op geen netwerk. Verbind hem met de wifi of het netwerk van de zaal, dat mag er een "
            "zonder internet zijn, en start opnieuw. Een eigen router of de hotspot van een telefoon is ook goed."
        )
    if not found[0].is_private:
        raise NoAddress(
            f"Deze computer heeft alleen een adres op internet ({found[0].ip}), geen adres van een netwerk in de zaal. "
            f"Verbind hem met de wifi van de zaal. Is dit toch het goede adres, kies het dan zelf: --host {found[0].ip}"
        )
    return found[0]


def _towards(place: str) -> str | None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((place, 9))
        except OSError:
            return None
        return probe.getsockname()[0]


def _of_interfaces() -> list[tuple[str, str]]:
    """(interface, address), also of a network that leads nowhere else."""
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for _, name in socket.if_nameindex() if fcntl else ():
            try:
                answer = fcntl.ioctl(probe, SIOCGIFADDR, struct.pack("256s", name.encode()[:15]))
            except OSError:  # it has none
                continue
            found.append((name, socket.inet_ntoa(answer[20:24])))
    return found
