"""One connection to an MQTT broker: what is to stand there, sent by paho's own thread, and again when it comes back.

Only the newest of each topic is kept, and few are under way at a time: a broker that hangs costs neither time nor
memory. The loop's thread never waits for the network.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from socket import gaierror
from typing import TYPE_CHECKING, Any

from app.core.sentence import Sentence
from app.providers.http_client import system_trust

if TYPE_CHECKING:
    from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
    from paho.mqtt.properties import Properties
    from paho.mqtt.reasoncodes import ReasonCode

log = logging.getLogger(__name__)

KEEP_ALIVE_S = 30
"""A broker that says nothing for one and a half times as long is gone."""
CONNECT_LIMIT_S = 5.0
BACK_OFF_S = (1, 60)
"""Pauses between attempts, doubling from the first to the second."""
GOODBYE_S = 2.0
LATER_S = 0.02
"""After the answer's own reply."""
MOST_UNDER_WAY = 20
MOST_FOUND, FOUND_MAX_BYTES = 1_000, 64 * 1024
"""Of what lies at the broker already."""


@dataclass(frozen=True, slots=True)
class Broker:
    """Where it is, and who we are to it; empty ``user``: nobody in particular."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    tls: bool = False


@dataclass(frozen=True, slots=True)
class Post:
    """What is to stand at a topic; an empty retained one takes away what stands there.

    ``is_sure``: sent once the broker has said so; it has then read all that went before.
    """

    payload: bytes
    retain: bool
    is_sure: bool = False


class Link:
    """``tells`` hears how it stands: in a sentence, and whether it is connected.

    ``status``: the topic that says ``online``, and ``offline`` once we are gone, however. ``found`` hears what lay at
    ``look_for`` (a filter) when we came. Both are called on the loop.
    """

    def __init__(
        self,
        broker: Broker,
        client_id: str,
        tells: Callable[[Sentence, bool], None],
        *,
        status: str = "",
        look_for: str = "",
        found: Callable[[str, bytes], None] = lambda topic, payload: None,
    ) -> None:
        self._broker, self._client_id, self._tells = broker, client_id, tells
        self._status, self._look_for, self._found = status, look_for, found
        self._loop = asyncio.get_running_loop()
        self._client: Client | None = None
        self._stands: dict[str, Post] = {}
        self._waiting: dict[str, Post] = {}
        self._under_way = self._found_count = 0
        self._is_connected = self._is_pumping = self._is_closed = False
        self._is_refused = False  # only paho's thread touches it
        self._idle, self._ended = asyncio.Event(), asyncio.Event()
        self._idle.set()

    # --- for the loop ----------------------------------------------------------------------------------------------

    @property
    def topics(self) -> tuple[str, ...]:
        """Those at which something is to stand, as they came."""
        return tuple(self._stands)

    async def open(self) -> None:
        """Begin to connect, and go on trying until ``close``."""
        self._client = await asyncio.to_thread(self._make_client)
        self._client.connect_async(self._broker.host, self._broker.port, KEEP_ALIVE_S)
        self._client.loop_start()

    def put(self, topic: str, payload: bytes, *, retain: bool = True, is_sure: bool = False) -> None:
        """Let ``payload`` stand at ``topic``, as soon as the broker takes it; without ``retain`` it is said once."""
        post = Post(payload, retain, is_sure)
        if retain and self._stands.get(topic) == post:
            return
        if retain:
            self._stands[topic] = post
        self._send_soon(topic, post)

    def forget(self, topic: str) -> None:
        """Take away what stands at ``topic``."""
        self._stands.pop(topic, None)
        self._waiting.pop(topic, None)  # it goes in its turn
        self._send_soon(topic, Post(b"", retain=True))

    async def close(self, *, forget: bool) -> None:
        """Say goodbye, for at most ``GOODBYE_S``; ``forget``: take away all that stands there."""
        if self._client is None:
            return
        if self._is_connected:
            for topic in reversed(self.topics) if forget else ():
                self.forget(topic)
            if self._status:
                # sure: closing before the broker has read all would lose what it has not, as it still writes to us
                self._send_soon(self._status, Post(b"" if forget else b"offline", retain=True, is_sure=True))
            await self.settled(GOODBYE_S)
        self._is_closed = True
        self._client.disconnect()
        with suppress(TimeoutError):
            async with asyncio.timeout(GOODBYE_S if self._is_connected else 0):
                await self._ended.wait()

    async def settled(self, limit_s: float) -> bool:
        """Wait until all is sent; whether it was within ``limit_s``."""
        with suppress(TimeoutError):
            async with asyncio.timeout(limit_s):
                await self._idle.wait()
        return self._idle.is_set()

    def _send_soon(self, topic: str, post: Post) -> None:
        self._waiting[topic] = post
        self._idle.clear()
        if not self._is_pumping:
            self._is_pumping = True
            self._loop.call_later(LATER_S, self._pump)

    def _pump(self) -> None:
        self._is_pumping = False
        while self._is_connected and self._waiting and self._under_way < MOST_UNDER_WAY:
            topic = next(iter(self._waiting))
            post = self._waiting.pop(topic)
            sent = self._client.publish(topic, post.payload, int(post.is_sure), post.retain) if self._client else None
            if sent is None or sent.rc:
                return  # it broke; whatever stands goes once more when it is back
            self._under_way += 1
        if not self._waiting and not self._under_way:
            self._idle.set()

    # --- what paho's thread tells ----------------------------------------------------------------------------------

    def _on_loop(self, work: Callable[..., None], *what: object) -> None:
        with suppress(RuntimeError):  # the loop is closed: the program is gone, and so is whoever would hear
            self._loop.call_soon_threadsafe(work, *what)

    def _connected(self) -> None:
        self._is_connected, self._under_way, self._found_count = True, 0, 0
        self._ended.clear()
        self._waiting = {**self._stands, **{topic: post for topic, post in self._waiting.items() if post.retain}}
        if self._status:
            self._waiting[self._status] = Post(b"online", retain=True)
        if self._look_for and self._client:
            self._client.subscribe(self._look_for)
        self._tells(Sentence("Connected to {host}.", host=self._broker.host), True)
        self._pump()

    def _sent(self) -> None:
        self._under_way = max(0, self._under_way - 1)
        self._pump()

    def _failed(self, sentence: Sentence) -> None:
        self._is_connected = False
        self._tells(sentence, False)

    def _gone(self, *, is_told: bool) -> None:
        was_connected, self._is_connected = self._is_connected, False
        self._ended.set()
        if is_told or self._is_closed:
            return
        if was_connected:
            self._tells(Sentence("The connection to {host} broke.", host=self._broker.host), False)
        else:
            self._tells(Sentence("{host} does not answer as an MQTT broker does.", host=self._broker.host), False)

    def _make_client(self) -> Client:
        """In a thread: importing paho and reading whom this computer trusts take some 50 ms."""
        from paho.mqtt.client import Client
        from paho.mqtt.enums import CallbackAPIVersion

        broker, client = self._broker, Client(CallbackAPIVersion.VERSION2, self._client_id)
        client.connect_timeout = CONNECT_LIMIT_S
        client.reconnect_delay_set(*BACK_OFF_S)
        if broker.user:
            client.username_pw_set(broker.user, broker.password)
        if broker.tls:
            client.tls_set_context(system_trust())
        if self._status:
            client.will_set(self._status, b"offline", retain=True)
        client.on_connect = self._on_connect
        client.on_connect_fail = self._on_connect_fail
        client.on_disconnect = self._on_disconnect
        client.on_publish = lambda *_: self._on_loop(self._sent)
        client.on_message = self._on_message
        return client

    def _on_connect(
        self, client: Client, __: Any, ___: ConnectFlags, code: ReasonCode, ____: Properties | None
    ) -> None:
        if self._is_closed:
            client.disconnect()  # it was on its way here when it was told to stop
        elif code.is_failure:
            self._is_refused = True
            self._on_loop(self._failed, _refusal(code, self._broker.host))
        else:
            self._on_loop(self._connected)

    def _on_connect_fail(self, client: Client, _: Any) -> None:
        if self._is_closed:
            client.disconnect()
            return
        self._on_loop(self._failed, _why_not(sys.exc_info()[1], self._broker.host))

    def _on_disconnect(
        self, _: Client, __: Any, ___: DisconnectFlags, code: ReasonCode, ____: Properties | None
    ) -> None:
        is_told, self._is_refused = self._is_refused or not code.is_failure, False
        self._on_loop(lambda: self._gone(is_told=is_told))

    def _on_message(self, _: Client, __: Any, message: MQTTMessage) -> None:
        if not message.retain or len(message.payload) > FOUND_MAX_BYTES:
            return  # what we say ourselves comes back without
        self._found_count += 1
        if self._found_count <= MOST_FOUND:
            with suppress(UnicodeDecodeError):
                self._on_loop(self._found, message.topic, message.payload)


def _refusal(code: ReasonCode, host: str) -> Sentence:
    if code.value in (134, 135):  # bad user name or password; not authorized
        return Sentence("{host} refuses the user or the password.", host=host)
    return Sentence("{host} refuses the connection: {reason}.", host=host, reason=code)


def _why_not(error: BaseException | None, host: str) -> Sentence:
    """Never the error's own text, which may hold anything."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return Sentence("This computer does not trust the certificate of {host}.", host=host)
    if isinstance(error, ssl.SSLError):
        return Sentence("{host} does not speak TLS at this port.", host=host)
    if isinstance(error, gaierror):
        return Sentence("There is no {host} in this network.", host=host)
    return Sentence("{host} cannot be reached.", host=host)
