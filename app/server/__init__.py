"""The LAN side: what the phone app talks to. The only room that knows aiohttp.web.

A request goes through ``middlewares`` (is it let in at all?), a handler reads it, the pipeline answers, and
``wire.schemas`` writes it down. Everything a handler needs reaches it by the keys of ``context_keys.py``.
"""

from app.server.network.server import FrameServer

__all__ = ["FrameServer"]
