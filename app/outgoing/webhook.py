"""The webhook: each answer to the glasses, posted as JSON to the address that its profile has.

The body is signed where there is a key: ``X-Signature: sha256=`` and the hexadecimal HMAC-SHA256 of all its bytes.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from urllib.parse import urlsplit

from app.core.errors import FrameBackendError, InvalidValue, ProviderError
from app.core.events import Bus, FrameAnswered, Trouble
from app.core.frame import Kind, new_frame_id
from app.core.sentence import Sentence
from app.core.tasks import spawn
from app.providers.http_client import Client
from app.providers.transport import exchange
from app.store import Store

log = logging.getLogger(__name__)

PAUSES_S = (1.0, 5.0)
"""Before the second try and the third, which is the last."""
LIMIT_S = 10.0
"""For one try."""
LATER_S = 0.02
"""After the answer's own reply."""
MOST_WAITING = 100
"""Answers of one profile; the oldest makes room."""
_MAY_HELP = frozenset({408, 425, 429})
"""Beside 5xx: refusals of this moment alone."""


class NotDelivered(FrameBackendError):
    """It did not arrive. ``may_help``: trying again may."""

    def __init__(self, template: str, /, *, may_help: bool = True, **fields: object) -> None:
        super().__init__(template, **fields)
        self.may_help = may_help


@dataclass(frozen=True, slots=True)
class Message:
    """What is posted of an answer. ``code``: the answer's, or ``test``; ``trust``: None when nothing is known."""

    frame_id: str
    profile: str
    answer: str
    code: str
    trust: float | None
    kind: Kind


@dataclass(slots=True)
class _Lane:
    """Of one profile: a receiver that hangs holds up its own answers alone."""

    waiting: deque[Message] = field(default_factory=lambda: deque(maxlen=MOST_WAITING))
    is_busy: bool = False
    told: set[str] = field(default_factory=set)
    """Which troubles the owner was told of since it last worked."""


class Webhook:
    """Posts from now on; what still waits when the program ends is not sent."""

    def __init__(self, client: Client, store: Store, bus: Bus) -> None:
        self._client, self._store, self._bus = client, store, bus
        self._lanes: dict[int, _Lane] = {}
        bus.subscribe(FrameAnswered, self._answered)

    async def test(self, username: str) -> Sentence:
        """Post a test for the profile; what came of it. Raises ``UnknownName``, ``InvalidValue``, ``NotDelivered``."""
        return await test(self._client, self._store, username)

    def _answered(self, event: FrameAnswered) -> None:
        frame, answer = event.frame, event.answer
        if frame.door or not frame.profile.webhook_url or not self._store.settings.flag("doors.webhook"):
            return
        profile_id = frame.profile.profile_id
        lane = self._lanes.setdefault(profile_id, _Lane())
        if len(lane.waiting) == MOST_WAITING:
            self._tell(lane, "slow", Sentence(
                "The webhook of {profile} is too slow: of the answers that wait for it the oldest are left out.",
                profile=frame.profile.username,
            ))  # fmt: skip
        lane.waiting.append(
            Message(frame.frame_id, frame.profile.username, answer.text, answer.code, answer.trust, answer.kind)
        )
        if not lane.is_busy:
            lane.is_busy = True
            spawn(self._send_all(profile_id, lane), name="post to a webhook")

    async def _send_all(self, profile_id: int, lane: _Lane) -> None:
        try:
            await asyncio.sleep(LATER_S)
            while lane.waiting:
                await self._deliver(profile_id, lane, lane.waiting.popleft())
        finally:
            lane.is_busy = False

    async def _deliver(self, profile_id: int, lane: _Lane, message: Message) -> None:
        for pause_s in (*PAUSES_S, None):
            url = self._url_of(profile_id)
            if not url:  # by now it is wanted nowhere
                return
            try:
                await post(self._client, self._store, url, message)
            except NotDelivered as error:
                if pause_s is None or not error.may_help:
                    self._tell(lane, "failed", Sentence(
                        "The answers of {profile} do not reach their webhook: {why}",
                        profile=message.profile, why=error.sentence,
                    ))  # fmt: skip
                    return
                await asyncio.sleep(pause_s)
            else:
                lane.told.clear()
                return

    def _url_of(self, profile_id: int) -> str:
        """As it is now: the owner may have changed it since the answer."""
        name = self._store.profiles.name_of(profile_id)
        is_on = name is not None and self._store.settings.flag("doors.webhook")
        return self._store.profiles.get(name).webhook_url if is_on and name is not None else ""

    def _tell(self, lane: _Lane, what: str, sentence: Sentence) -> None:
        if what not in lane.told:
            lane.told.add(what)
            log.warning("%s", sentence)
            self._bus.publish(Trouble(sentence))


async def test(client: Client, store: Store, username: str) -> Sentence:
    """Post a test for the profile, switched on or not; what came of it.

    Raises ``UnknownName``, ``InvalidValue`` where it has no address, ``NotDelivered``.
    """
    profile = store.profiles.get(username)
    url = profile.webhook_url
    if not url:
        raise InvalidValue("{profile} has no webhook's address.", profile=profile.username)
    text = "This is a test of Frame Backend."
    await post(client, store, url, Message(new_frame_id(), profile.username, text, "test", None, "scene"))
    if store.door_secrets.get("webhook"):
        return Sentence("{host} took the test, which was signed.", host=_host(url))
    return Sentence("{host} took the test, which was not signed: there is no key.", host=_host(url))


async def post(client: Client, store: Store, url: str, message: Message) -> None:
    """One try. Raises ``NotDelivered``."""
    if store.door_secrets.is_locked("webhook"):
        raise NotDelivered("The keyring has not given the webhook's key yet.")
    body = json.dumps(asdict(message), ensure_ascii=False).encode("utf-8", "replace")
    status = await _status_of(client, url, _headers(body, store.door_secrets.get("webhook")), body)
    if 300 <= status < 400:
        raise NotDelivered("{host} is elsewhere by now: enter its new address.", may_help=False, host=_host(url))
    if status >= 300:
        may_help = status >= 500 or status in _MAY_HELP
        raise NotDelivered(
            "{host} refused it, with status {status}.", may_help=may_help, host=_host(url), status=status
        )


def _headers(body: bytes, key: str) -> Mapping[str, str]:
    headers = {"Content-Type": "application/json"}
    if key:
        headers["X-Signature"] = f"sha256={hmac.new(key.encode(), body, 'sha256').hexdigest()}"
    return headers


async def _status_of(client: Client, url: str, headers: Mapping[str, str], body: bytes) -> int:
    try:
        async with asyncio.timeout(LIMIT_S), exchange(client, _host(url), url, headers, body) as incoming:
            return incoming.status
    except TimeoutError:
        raise NotDelivered(
            "{host} did not answer within {limit} seconds.", host=_host(url), limit=f"{LIMIT_S:g}"
        ) from None
    except ProviderError as error:
        raise NotDelivered(error.sentence) from None


def _host(url: str) -> str:
    return urlsplit(url).hostname or url
