"""Finds the models that see in the programs of this computer: three, each at its own port, and never by a scan.

Asked are the presets that tell what their models are; the port that g4f shares with Jan is not among them: it passes
pictures to strangers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from urllib.parse import urlsplit

from app.core.vendor_info import LocalModel
from app.providers.custom import PRESETS, Preset
from app.providers.http_client import Client
from app.providers.model_facts import Server
from app.providers.vendor import UNFIT

HOST = "127.0.0.1"


async def find(
    client: Client, own_ports: Collection[int] = (), presets: tuple[Preset, ...] = PRESETS
) -> tuple[LocalModel, ...]:
    """What can be used at once: loaded ones first, then the smaller, which answer sooner.

    ``own_ports``: where this program listens itself, which is asked nothing.
    """
    asked = [
        (preset, preset.tells, f"http://{HOST}:{port}")
        for preset in presets
        if preset.tells is not None and (port := urlsplit(preset.base_url).port) not in own_ports
    ]
    told = await asyncio.gather(*(tells(Server(client, root)) for _, tells, root in asked))
    found = [
        (one, LocalModel(preset.name, preset.label, f"{root}/v1", one.model))
        for (preset, _, root), models in zip(asked, told, strict=True)
        for one in models
        if one.sees and not UNFIT.search(one.model)
    ]
    found.sort(key=lambda pair: (not pair[0].is_loaded, pair[0].size_bytes))
    return tuple(model for _, model in found)
