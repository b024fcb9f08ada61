"""Which addresses of the network the bot may ask when somebody else names them: those of the public internet.

A feed's address comes from outside the house, and so does wherever its server redirects to. What is asked is the
address that was checked, not the name again: a name that answers otherwise the second time (DNS rebinding) gains
nothing. Hosts inside the shop's own network are asked only where the owner names them (SHOPBOT_FEED_HOSTS).
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

_PORTS = {"http": 80, "https": 443}
_USUAL = frozenset({80, 443, 8080, 8443})
_LONGEST = 2_000
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class AddressError(ValueError):
    """An address that is not asked; the message is a clause that says why."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where to connect: `address` is one that the host's name stands for, checked."""

    scheme: str
    host: str
    port: int
    address: str
    path: str

    @property
    def name(self) -> str:
        """The host as addresses have it."""
        return _bracketed(self.host)

    @property
    def origin(self) -> str:
        """What goes into the Host header."""
        return self.name if self.port == _PORTS[self.scheme] else f"{self.name}:{self.port}"


def target_of(url: str, own: Collection[str] = ()) -> Target:
    """Checks an address and looks its host up, once.

    Args:
        own: hosts of the shop's network that may be asked, "name" or "name:port", in lower case.

    Raises:
        AddressError: it is none of http or https, names a user or an odd port, or stands for an inner address.
    """
    parts = _split(url)
    host, port = (parts.hostname or "").rstrip("."), _port(parts)
    if not host:
        raise AddressError("it names no host")
    inner = bool({_bracketed(host), f"{_bracketed(host)}:{port}"} & set(own))
    if not inner and port not in _USUAL:
        raise AddressError(f"port {port} is none of a web server")
    found = _looked_up(host, port)
    refused = [] if inner else [address for address in found if not is_public(address)]
    if refused:
        raise AddressError(f"{host} is {refused[0]}, an address inside a network: SHOPBOT_FEED_HOSTS must name it")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port, found[0], path)


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet, also where IPv6 only wraps an IPv4 one."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        within = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
        if ip in _NAT64 or int(ip) < 1 << 32:  # the second: IPv4-compatible, long out of use
            within.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
        if any(v4 is not None and not _is_global(v4) for v4 in within):
            return False
        if ip in _NAT64 or ip.ipv4_mapped:
            return True
    return _is_global(ip)


def without_secrets(url: str) -> str:
    """The address as logs and people may see it: no user, no password, no query."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "an unreadable address"
    if not parts.netloc:
        return url
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}" + ("?…" if parts.query else "")


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _split(url: str) -> SplitResult:
    if len(url) > _LONGEST or not url.isprintable() or " " in url or "\\" in url:
        raise AddressError("it is no address of the web")
    try:
        parts = urlsplit(url)
        parts.path.encode("ascii")
        parts.query.encode("ascii")
    except ValueError as error:
        raise AddressError("it is no address of the web") from error
    if parts.scheme not in _PORTS:
        raise AddressError("only http and https are asked")
    if "@" in parts.netloc:
        raise AddressError("it names a user, which would stand in every log")
    return parts


def _port(parts: SplitResult) -> int:
    try:
        return parts.port if parts.port is not None else _PORTS[parts.scheme]
    except ValueError as error:
        raise AddressError("it names no usable port") from error


def _looked_up(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise AddressError(f"{host} is not to be found") from error
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def _is_global(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return ip.is_global and not ip.is_multicast and not ip.is_reserved
