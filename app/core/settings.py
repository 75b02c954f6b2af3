"""Each setting declared once: key, type, default, bounds, label and help; the command line and the window read them.

Also the fixed tables the cascade goes by. A new setting is one line in ``SETTINGS``.
"""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from app.core.errors import InvalidValue, UnknownName
from app.core.frame import Kind
from app.core.setting import Setting, Value

DEFAULT_PROMPT = "Describe this image in detail"
PROMPT_MAX_CHARS = 4_000

EXACT_KINDS: frozenset[Kind] = frozenset({"text", "maths"})
"""Kinds where a nearly right answer is a wrong one: ``risk.exact`` applies."""


def _range(part: str) -> None:
    try:
        ip_network(part)
    except ValueError:
        raise InvalidValue("write it as 192.168.0.5 or 192.168.0.0/24") from None


_APPS = ("capacitor://localhost", "ionic://localhost", "null")


def _origin(part: str) -> None:
    """An origin as a browser writes it: scheme, host, maybe a port, and nothing behind; or of an app made of pages."""
    if part in _APPS:
        return
    try:
        url = urlsplit(part)
        is_one = is_web(url) and part == f"{url.scheme}://{url.netloc}"
    except ValueError:
        is_one = False
    if not is_one:
        raise InvalidValue("write it as http://192.168.0.5:8123")


def is_web(url: SplitResult) -> bool:
    """Whether it has a host, and a port there is: on Windows asyncio connects to what is left of a larger number.

    Raises ``ValueError`` when the port is no number, or too large.
    """
    return url.scheme in ("http", "https") and bool(url.hostname) and url.port != 0


def _web_address(text: str) -> None:
    """Where to post to: no password in it, for it is no secret; a query is part of many a receiver's address."""
    try:
        is_one = is_web(urlsplit(text))
    except ValueError:
        is_one = False
    if not is_one or not text.isprintable() or any(sign in text for sign in " @#\\"):
        raise InvalidValue("write it as https://example.com/hook, without a password and without '#'")


def _host(text: str) -> None:
    if not _is_host(text):
        raise InvalidValue("write it as 192.168.0.5 or homeassistant.local, without mqtt:// and without the port")


def _host_name(part: str) -> None:
    if not _is_host(part):
        raise InvalidValue("write it as glasses.example, without http:// and without the port")


def _is_host(text: str) -> bool:
    """A name or an address alone, as a connection takes it."""
    try:
        is_one = all(part for part in text.encode("idna").rstrip(b".").split(b".")) and text.isprintable()
    except UnicodeError:
        return False
    return is_one and not any(sign in text for sign in " /\\@#?[]") and (":" not in text or _is_address(text))


def _is_address(text: str) -> bool:
    try:
        return bool(ip_address(text.partition("%")[0]))
    except ValueError:
        return False


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "network.host",
        "0.0.0.0",  # noqa: S104 - the phone is another machine
        "Address",
        "The address the server listens on; 127.0.0.1 keeps it to this computer.",
        1,
        255,
    ),
    Setting("network.port", 7175, "Port", "The port the phone app connects to.", 0, 65_535),
    Setting(
        "network.host_names",
        "",
        "Extra host names",
        "Names under which this computer may be called, besides its own.",
        0,
        1_000,
        part=_host_name,
    ),
    Setting(
        "network.tokens_only",
        False,
        "Accept tokens only",
        "A paired address is no longer enough. Leave it off: the phone app of today sends no token.",
    ),
    Setting(
        "network.trusted_proxies",
        "",
        "Trusted proxies",
        "With a proxy of your own in front: its address or range. It may say for whom it asks.",
        0,
        1_000,
        part=_range,
    ),
    Setting(
        "network.cors_origins",
        "",
        "Web pages that may ask",
        "Usually empty. Pages of other programs, by their origin, as http://192.168.0.5:8123.",
        0,
        2_000,
        part=_origin,
    ),
    Setting(
        "network.discovery",
        True,
        "Let phones find this computer",
        "Announces its address on the local network: no names, no keys.",
    ),
    Setting("limits.auth_per_minute", 5, "Key attempts a minute", "Per device; 0 = no limit.", 0, 100_000),
    Setting("limits.profile_per_minute", 10, "Profile calls a minute", "Per device; 0 = no limit.", 0, 100_000),
    Setting("limits.process_per_hour", 3_600, "Frames an hour", "Per device; 0 = no limit.", 0, 10_000_000),
    Setting("limits.upload_mb", 12, "Largest upload in MB", "A larger body is refused.", 1, 100),
    Setting(
        "cascade.deadline_s",
        0.0,
        "Longest wait for an answer in seconds",
        "0 = automatic: 20, or 75 where a server on the local network is asked.",
        0,
        85,
    ),
    Setting("cascade.call_limit_s", 6.0, "Longest wait for one AI in seconds", "Then the next one is asked.", 0.5, 60),
    Setting(
        "cascade.local_call_limit_s",
        60.0,
        "Longest wait for a local server in seconds",
        "Local models load slowly the first time.",
        0.5,
        85,
    ),
    Setting(
        "cascade.most_calls",
        4,
        "Most answers of one frame",
        "Then the best of them is shown. Failures do not count.",
        1,
        20,
    ),
    Setting(
        "cascade.hedge",
        5,
        "Slow calls that get a second one, in percent",
        "The next provider is asked beside one that takes longer than it usually does; 0 = never.",
        0,
        100,
    ),
    Setting("cascade.judge", True, "Let one AI compare the answers", "When AIs disagree, one of them chooses."),
    Setting(
        "routing.mode",
        "chain",
        "Whom to ask first",
        "Learned: by how often each was right, what it costs and how long it takes. Two at once answer sooner and cost "
        "up to twice as much.",
        choices=(("chain", "My order"), ("learned", "The learned order"), ("fast", "Two at once")),
    ),
    Setting(
        "routing.witness",
        True,
        "Read along on this computer",
        "Where text is likely, the reader here reads the photo while a provider is asked: numbers that only the "
        "provider sees are doubt.",
    ),
    Setting(
        "audit.share",
        2.0,
        "Sure answers that are checked, in percent",
        "So many frames with a sure answer are put to the next provider too, once the answer is out: it tells how "
        "often the first one is right. 0 = none.",
        0,
        100,
    ),
    Setting("order.chain", "", "Ask in this order", "Providers, separated by commas; the others follow.", 0, 2_000),
    Setting("order.scene", "", "Ask first about a scene", "Providers, separated by commas; the others follow.", 0, 500),
    Setting("order.text", "", "Ask first to read text", "Where the question, or a first answer, suggests it.", 0, 500),
    Setting("order.translate", "qwen", "Ask first to translate", "Providers, separated by commas.", 0, 500),
    Setting("order.maths", "deepseek", "Ask first about maths", "Providers, separated by commas.", 0, 500),
    Setting(
        "gate.reuse_s", 5.0, "Reuse an answer for seconds", "While the picture stays the same; 0 = never.", 0, 3_600
    ),
    Setting(
        "gate.hints",
        2,
        "Dark or blurred pictures that get a hint",
        "So many one after the other; then an AI is asked all the same. 0 = none.",
        0,
        100,
    ),
    Setting(
        "doors.openai",
        True,
        "Programs that speak to OpenAI",
        "Open WebUI, llm, OpenGlasses and many more ask here what they ask there: /v1/chat/completions.",
    ),
    Setting("doors.ollama", False, "Programs that speak to Ollama", "Home Assistant and others, at /api/chat."),
    Setting("doors.mcp", False, "Agents", "By the Model Context Protocol, at /mcp."),
    Setting("doors.events", True, "Answers as they come", "For a second screen or a program, at /events."),
    Setting("doors.page", True, "A page for browsers", "How to connect, and the live answer, at this address."),
    Setting("doors.uploads", True, "Other glasses' uploads", "Pictures as Mentra, Noa and others send them."),
    Setting("doors.metrics", False, "Figures for Prometheus", "At /metrics."),
    Setting(
        "doors.webhook", False, "Webhook", "Each answer to the glasses is posted to the address that is set for it."
    ),
    Setting("doors.mqtt", False, "MQTT", "Answers go to your broker; Home Assistant finds them by itself."),
    Setting(
        "doors.newest_s",
        120,
        "Ask about the newest picture for seconds",
        "Who asks without a picture asks about what the glasses sent last, if that is no older; 0 = never.",
        0,
        3_600,
    ),
    Setting("doors.keep", True, "Keep their pictures", "Off: of what programs ask, the history keeps the words alone."),
    Setting(
        "webhook.url",
        "",
        "Webhook's address",
        "Where each answer to the glasses is posted as JSON, once the webhook is switched on; empty = nowhere.",
        0,
        500,
        per_profile=True,
        form=_web_address,
    ),
    Setting("mqtt.host", "", "Broker", "Its name or address, as homeassistant.local.", 0, 255, form=_host),
    Setting("mqtt.port", 1883, "Broker's port", "Usually 1883, with TLS 8883.", 1, 65_535),
    Setting("mqtt.user", "", "User at the broker", "Empty where the broker asks for none.", 0, 255),
    Setting(
        "mqtt.tls",
        False,
        "Encrypt what the broker gets (TLS)",
        "Its certificate must be one that this computer trusts.",
    ),
    Setting("mqtt.picture", False, "Show it the last picture", "Off: only words and figures leave this computer."),
    Setting("retention.days", 3, "Keep frames for days", "Older frames and their pictures are deleted.", 1, 3_650),
    Setting(
        "retention.mb_per_profile",
        1_024,
        "Keep MB per profile",
        "Above it the oldest frames are deleted.",
        1,
        1_000_000,
    ),
    Setting(
        "updates.look",
        False,
        "Look for new versions",
        "Once a day this computer asks where new versions are told of whether there is one. Nothing of yours is sent.",
    ),
    Setting("privacy.keep_pictures", True, "Keep pictures", "Off: the history keeps the words alone."),
    Setting(
        "daily_cap_usd",
        0.0,
        "Most to spend a day, in US dollars",
        "At the limit only free and local providers are asked until midnight; 0 = no limit.",
        0,
        10_000,
        per_profile=True,
    ),
    Setting(
        "answer_chars",
        120,
        "Characters on the glasses",
        "Never more than five lines of 24; 0 = the whole answer.",
        0,
        4_000,
        per_profile=True,
    ),
    Setting(
        "full_answer",
        True,
        "Ask for the long form",
        "Off: providers are asked for the words on the glasses alone, which costs less.",
        per_profile=True,
    ),
    Setting(
        "doubt_mark",
        True,
        "Show doubt",
        "An answer that is not sure enough ends in a question mark.",
        per_profile=True,
    ),
    Setting(
        "blur_faces",
        False,
        "Blur faces before an AI sees them",
        "Faces that are found are blurred in the photo that is sent and kept. Some can be missed.",
        per_profile=True,
    ),
    Setting(
        "risk.scene",
        0.20,
        "Largest risk",
        "An answer ends the search when the chance that it is wrong is at most this, 0 to 1.",
        0,
        1,
        per_profile=True,
    ),
    Setting(
        "risk.exact",
        0.10,
        "Largest risk for text and maths",
        "The same, where nearly right is wrong.",
        0,
        1,
        per_profile=True,
    ),
)

BY_KEY: Mapping[str, Setting] = {setting.key: setting for setting in SETTINGS}


def declared(key: str) -> Setting:
    """The declaration of ``key``. Raises ``UnknownName``."""
    try:
        return BY_KEY[key]
    except KeyError:
        raise UnknownName("There is no setting '{key}'.", key=key[:60]) from None


class Settings:
    """The values in force, read on every frame: a plain dictionary over the defaults."""

    def __init__(self, values: Mapping[str, Value] | None = None) -> None:
        self._values: dict[str, Value] = {}
        self.replace(values or {})

    def replace(self, values: Mapping[str, Value]) -> None:
        """Take over ``values``; what is absent goes back to its default."""
        self._values = {setting.key: setting.default for setting in SETTINGS} | dict(values)
        self._groups: dict[tuple[str, ...], tuple[Value, ...]] = {}

    def value(self, key: str) -> Value:
        return self._values[declared(key).key]

    def group(self, *prefixes: str) -> tuple[Value, ...]:
        """The values whose keys begin so, in the order of their declarations."""
        if prefixes not in self._groups:
            self._groups[prefixes] = tuple(value for key, value in self._values.items() if key.startswith(prefixes))
        return self._groups[prefixes]

    def integer(self, key: str) -> int:
        return int(self.value(key))

    def number(self, key: str) -> float:
        return float(self.value(key))

    def flag(self, key: str) -> bool:
        return bool(self.value(key))

    def text(self, key: str) -> str:
        return str(self.value(key))
