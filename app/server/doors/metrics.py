"""``GET /metrics``: figures for Prometheus, in its text format 0.0.4.

Written by hand: three kinds of line, where the official library costs 15 ms of every start. That library's parser is
the judge in the tests. No profile's name stands here: a key is for one of them, the figures are of all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import accumulate

from aiohttp import web

from app import __version__
from app.server import context_keys
from app.server.doors.tally import BOUNDS_S, Durations, Tally
from app.server.endpoint import Endpoint
from app.server.wire.responses import PLAIN_TEXT, raw_reply

MEDIA = "text/plain; version=0.0.4; charset=utf-8"
_ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})

Sample = tuple[str, dict[str, str], float]
"""What follows the family's name, the labels, the value."""


async def metrics(request: web.Request) -> web.Response:
    tally, uptime_s = request.app[context_keys.TALLY], request.app[context_keys.IN_FLIGHT].uptime_s
    return raw_reply("".join(_lines(tally, uptime_s)).encode(), MEDIA)


def _lines(tally: Tally, uptime_s: int) -> Iterator[str]:
    yield from _family("build_info", "gauge", "This program.", [("", {"version": __version__}, 1)])
    yield from _family("uptime_seconds", "gauge", "Since the listener was opened.", [("", {}, uptime_s)])
    frames = [("", {"door": door or "glasses", "code": code}, count) for (door, code), count in tally.frames.items()]
    yield from _family("frames_total", "counter", "Frames that ended, by door and code.", frames)
    answered = "Until the words of an answer were there."
    yield from _family("answer_seconds", "histogram", answered, _histogram(tally.answers, {}))
    calls = [("", {"provider": name, "outcome": outcome}, count) for (name, outcome), count in tally.calls.items()]
    yield from _family("calls_total", "counter", "Calls of providers, by outcome.", calls)
    replies = [one for name, took in tally.replies.items() for one in _histogram(took, {"provider": name})]
    yield from _family("call_seconds", "histogram", "Until the words of a provider's reply were there.", replies)
    lights = [("", {"provider": name, "light": light}, 1) for name, light in tally.lights.items()]
    yield from _family("provider_light", "gauge", "How a provider stands now: 1 for its light.", lights)


def _histogram(took: Durations, labels: dict[str, str]) -> Iterator[Sample]:
    ends = (*(f"{bound:g}" for bound in BOUNDS_S), "+Inf")
    for end, count in zip(ends, accumulate(took.buckets), strict=True):
        yield "_bucket", {**labels, "le": end}, count
    yield "_sum", labels, took.sum_s
    yield "_count", labels, sum(took.buckets)


def _family(name: str, kind: str, about: str, samples: Iterable[Sample]) -> Iterator[str]:
    name = f"frame_backend_{name}"
    yield f"# HELP {name} {about}\n# TYPE {name} {kind}\n"
    for suffix, labels, value in samples:
        told = ",".join(f'{label}="{text.translate(_ESCAPES)}"' for label, text in labels.items())
        yield f"{name}{suffix}{{{told}}} {value}\n" if told else f"{name}{suffix} {value}\n"


ENDPOINTS = (
    Endpoint(
        "GET", "/metrics", metrics, "Figures for Prometheus.",
        door="metrics", who="scraper", limit="process", media="text/plain", dialect=PLAIN_TEXT,
    ),
)  # fmt: skip
