"""Why the listener could not be opened, in a sentence that names the way out: a port that is free."""

from __future__ import annotations

import errno
import socket
import sys
from collections.abc import Iterable

from app.core.errors import AddressForbidden, AddressInUse, AddressInvalid, ServerError
from app.core.sentence import Sentence
from app.core.settings import declared
from app.server.network.listening import open_socket
from app.store.setup.addresses import address_of

_IN_USE = {errno.EADDRINUSE, 10048}
_FORBIDDEN = {errno.EACCES, errno.EPERM, 10013}
_FIRST_FREE, _LAST_PORT = 1_024, 65_535
"""Below the first, Linux lets administrators alone listen."""
PORTS_TRIED = 50

Where = tuple[socket.AddressFamily, str]


def explain(error: Exception, host: str, port: int, system: str = sys.platform) -> ServerError:
    """The error to raise for what binding ``host`` and ``port`` raised. Tries ports: not on the loop."""
    number = error.errno if isinstance(error, OSError) and not isinstance(error, socket.gaierror) else None
    if number in _IN_USE:
        return _with_free_port(
            AddressInUse, Sentence("Port {port} is in use by another program.", port=port), host, port
        )
    if number in _FORBIDDEN:
        return _with_free_port(AddressForbidden, _why_forbidden(port, system), host, port)
    if not 0 <= port <= _LAST_PORT:
        no_port = Sentence("{port} is not a port: they go from 1 to {last_port}.", port=port, last_port=_LAST_PORT)
        return _with_free_port(AddressInvalid, no_port, host, port)
    return _with_another_host(host, port)


def next_free_port(host: str, port: int) -> int:
    """The next port after ``port`` that could be bound on ``host``, else one near the usual one; 0: none.

    Tries them: not on the loop.
    """
    return _free_of(host, (*_after(port), *_usual()))


def _with_free_port(kind: type[ServerError], sentence: Sentence, host: str, port: int) -> ServerError:
    free = next_free_port(host, port)
    if not free:
        return kind(sentence)
    return kind(Sentence("{sentence} Port {free} is free.", sentence=sentence, free=free), free_port=free)


def _with_another_host(host: str, port: int) -> ServerError:
    """Whoever meant this computer alone is not offered the whole network."""
    meant = address_of(host)
    other = "127.0.0.1" if meant is not None and meant.is_loopback else "0.0.0.0"  # noqa: S104 - offered, not bound
    free = _free_of(other, (port, *_after(port), *_usual()) if port else _usual())
    sentence = Sentence("'{host}' is not an address of this computer.", host=host)
    if not free:
        return AddressInvalid(sentence)
    where = Sentence("on this computer alone") if other == "127.0.0.1" else Sentence("on all its addresses")
    return AddressInvalid(
        "{sentence} Port {free} is free {where} ({other}).",
        sentence=sentence,
        free=free,
        where=where,
        other=other,
        free_port=free,
        free_host=other,
    )


def _why_forbidden(port: int, system: str) -> Sentence:
    if system == "win32":
        return Sentence("Port {port} is reserved by Windows, or another program has it for itself.", port=port)
    if port < _FIRST_FREE:
        return Sentence("Port {port} needs administrator rights.", port=port)
    return Sentence("This computer does not let the program use port {port}.", port=port)


def _after(port: int) -> range:
    return range(port + 1, min(port + PORTS_TRIED, _LAST_PORT) + 1)


def _usual() -> range:
    usual = int(declared("network.port").default)
    return range(usual, usual + PORTS_TRIED + 1)


def _free_of(host: str, ports: Iterable[int]) -> int:
    try:
        infos = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):
        return 0
    places = {(info[0], str(info[4][0])) for info in infos}
    return next((port for port in ports if all(_can_bind(place, port) for place in places)), 0)


def _can_bind(place: Where, port: int) -> bool:
    """As the listener would."""
    family, ip = place
    try:
        with open_socket(family, (ip, port)) as probe:
            probe.listen(1)
    except OSError:
        return False
    return True
