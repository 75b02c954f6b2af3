"""Which proxy serves a request: what the environment and the system say, read once and as curl reads it.

A proxy that cannot be used is said, and what needs it fails: a picture never goes out past it. This computer itself is
never asked through one.
"""

from __future__ import annotations

import base64
import contextlib
import fnmatch
import ipaddress
import logging
import re
import sys
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from yarl import URL

from app.core.sentence import Sentence
from app.providers.hosts import Address, address_of, is_this_computer

log = logging.getLogger(__name__)

_PORTS = {"http": 80, "https": 443}
# a user and a password may hold whatever a URL may not, "@", "#" and "/" too: they end at the last "@"
_ADDRESS = re.compile(
    r"""(?:(?P<scheme>[a-z][a-z0-9+.-]*)://)?
    (?:(?P<user>[^:]*?)(?::(?P<password>.*))?@)?
    (?P<host>\[[0-9a-f:.]+(?:%[\w.%-]+)?\]|[^\s:/?\#\[\]"'<>\\^`{|}@%]{1,253})
    (?::(?P<port>[0-9]{1,5}))?
    (?:[/?\#][^@]*)?""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Proxy:
    """``url``: without the user and the password, which are ``auth``."""

    url: str
    auth: tuple[str, str] | None = None

    @property
    def headers(self) -> dict[str, str]:
        """What it knows its user by."""
        return {} if self.auth is None else {"Proxy-Authorization": basic_auth(*self.auth)}


@dataclass(frozen=True, slots=True)
class UnusableProxy:
    """One that is named and that this program cannot speak to; nothing of its address but the scheme is told."""

    sentence: Sentence


@dataclass(frozen=True, slots=True)
class _Bypass:
    """An entry of NO_PROXY: a network, else a pattern of names; ``port``: at that one alone."""

    pattern: str
    network: ipaddress.IPv4Network | ipaddress.IPv6Network | None
    port: int | None

    def covers(self, host: str, address: Address | None, port: int) -> bool:
        if self.port is not None and self.port != port:
            return False
        if self.network is not None:
            return address is not None and address in self.network
        if self.pattern == "<local>":  # Windows' word
            return address is None and "." not in host
        if "*" in self.pattern or "?" in self.pattern:
            return fnmatch.fnmatchcase(host, self.pattern)
        return host == self.pattern or (address is None and host.endswith(f".{self.pattern}"))


@dataclass(frozen=True, slots=True)
class Proxies:
    """``by_scheme``: the proxy for addresses that begin with ``http`` or ``https``, where there is one."""

    by_scheme: Mapping[str, Proxy | UnusableProxy]
    exceptions: tuple[_Bypass, ...] = ()

    def proxy_for(self, url: URL) -> Proxy | UnusableProxy | None:
        """None: directly. A name is not looked up for it: only an address is part of a network."""
        host = (url.raw_host or "").rstrip(".").lower()
        address = address_of(host)
        if is_this_computer(host) or any(one.covers(host, address, url.port or 0) for one in self.exceptions):
            return None
        return self.by_scheme.get(url.scheme)


def basic_auth(user: str, password: str) -> str:
    return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"


def read() -> Proxies:
    """What the environment names (http_proxy, https_proxy, all_proxy, no_proxy, in capitals too), else the system.

    What cannot be used is said in one warning each.
    """
    named = urllib.request.getproxies_environment()
    exceptions = named.get("no", "")
    if not any(named.get(scheme) for scheme in (*_PORTS, "all")):
        named = urllib.request.getproxies()
        exceptions += f" {_system_exceptions()}"
    by_scheme = {
        scheme: read_proxy(address)
        for scheme in _PORTS
        if (address := (named.get(scheme) or named.get("all") or "").strip(" \t\r\n\"'"))
    }
    for sentence in dict.fromkeys(one.sentence for one in by_scheme.values() if isinstance(one, UnusableProxy)):
        log.warning("%s", sentence)
    return Proxies(by_scheme, read_exceptions(exceptions) if by_scheme else ())


def read_proxy(address: str) -> Proxy | UnusableProxy:
    """A proxy's address, with or without its scheme (then it is HTTP), a user and a password, in percents or not."""
    unreadable = UnusableProxy(
        Sentence("The address of this computer's proxy cannot be read. Nothing goes out past the proxy.")
    )
    if not (match := _ADDRESS.fullmatch(address)):
        return unreadable
    scheme, host = (match["scheme"] or "http").lower(), match["host"]
    if scheme not in _PORTS:
        return UnusableProxy(
            Sentence(
                "This computer's proxy speaks {kind}, and this program HTTP alone. Nothing goes out past the proxy.",
                kind=scheme[:20].upper(),
            )
        )
    try:
        if host.startswith("["):
            ipaddress.IPv6Address(unquote(host[1:-1]))
        port = int(match["port"]) if match["port"] else _PORTS[scheme]
        url = URL.build(scheme=scheme, host=host.strip("[]"), port=port)
        auth = (unquote(match["user"]), unquote(match["password"] or "")) if match["user"] else None
        "".join(auth or ()).encode()
    except ValueError:
        return unreadable
    return Proxy(str(url), auth) if 0 < port < 65_536 else unreadable


def read_exceptions(text: str) -> tuple[_Bypass, ...]:
    """The entries of NO_PROXY, parted by commas or blanks. One that cannot be read is left out with a warning."""
    found = []
    for entry in re.split(r"[,;\s]+", text.lower()):
        if not entry:
            continue
        try:
            found.append(_read_exception(entry))
        except ValueError:
            log.warning("NO_PROXY has an entry that cannot be read: it is left out.")
    return tuple(found)


def _read_exception(entry: str) -> _Bypass:
    """Raises ``ValueError``."""
    name, port = (entry.partition("://")[2] or entry), None
    if "[" not in name and name.count(":") > 1:  # an IPv6 address or network without brackets
        return _Bypass("", ipaddress.ip_network(name, strict=False), None)
    if match := re.fullmatch(r"(?P<name>\[[^\]]+\](?:/\d+)?|[^:\[\]]+):(?P<port>\d{1,5})/?", name):
        name, port = match["name"], int(match["port"])
    name = name.removesuffix("/").replace("[", "").replace("]", "")
    if "/" in name or address_of(name) is not None:
        return _Bypass("", ipaddress.ip_network(name, strict=False), port)
    name = name.strip(".")
    if not name:
        raise ValueError(entry)
    return _Bypass(name if name.isascii() else name.encode("idna").decode("ascii"), None, port)


def _system_exceptions() -> str:
    """Windows' own list, which ``urllib`` would read anew, and look names up, for each request."""
    if sys.platform == "win32":
        import winreg

        path = r"Software\Microsoft\Windows\CurrentVersion\Internet Settings"
        with contextlib.suppress(OSError), winreg.OpenKey(winreg.HKEY_CURRENT_USER, path) as key:
            return str(winreg.QueryValueEx(key, "ProxyOverride")[0])
    return ""
