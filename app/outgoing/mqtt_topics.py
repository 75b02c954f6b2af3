"""Where things stand at the broker, and how Home Assistant finds them: its discovery, one retained message an entity.

    homeassistant/<component>/frame_backend/<profile>_<object>/config      what it is
    frame_backend/<profile>/answer | cost_today | picture                  how it stands
    frame_backend/light--<provider>, frame_backend/status

A topic holds a to z, digits, ``_`` and ``-`` alone. A profile whose name is more than letters and digits has its id
behind it (``ann_marie-3``); so no two have the same, whatever they are called.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from app import __version__
from app.core.frame import Profile

ROOT, DISCOVERY = "frame_backend", "homeassistant"
STATUS = f"{ROOT}/status"
FOUND = f"{DISCOVERY}/+/{ROOT}/+/config"
"""The filter of all that Home Assistant was ever told here."""
STATE_MAX_CHARS = 255
"""Home Assistant takes no longer one; the whole answer is among the attributes."""
_PLAIN = re.compile(r"[a-z0-9]{1,64}")
_OURS = re.compile(rf"{ROOT}/[a-z0-9_-]{{1,200}}(?:/[a-z_]{{1,20}})?")
Configs = Mapping[str, Mapping[str, Any]]


def slug(profile: Profile) -> str:
    """The profile's part of a topic."""
    name = profile.username
    if _PLAIN.fullmatch(name):
        return name
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    letters = re.sub(r"[^a-z0-9]+", "_", ascii_name).strip("_")
    return f"{letters or 'profile'}-{profile.profile_id}"


def answer_topic(profile: Profile) -> str:
    return f"{ROOT}/{slug(profile)}/answer"


def cost_topic(profile: Profile) -> str:
    return f"{ROOT}/{slug(profile)}/cost_today"


def picture_topic(profile: Profile) -> str:
    return f"{ROOT}/{slug(profile)}/picture"


def light_topic(provider: str) -> str:
    """No profile's begins so: theirs have no two hyphens in a row."""
    return f"{ROOT}/light--{provider}"


def mark_of(installation_id: str) -> str:
    """What the ids of all that is this installation's begin with."""
    return f"{ROOT}_{installation_id}"


def profile_configs(installation_id: str, profile: Profile, *, with_picture: bool) -> Configs:
    """By topic, what Home Assistant is told of a profile."""
    mark, answer = f"{mark_of(installation_id)}_{profile.profile_id}", answer_topic(profile)
    device = {
        "identifiers": [mark],
        "name": f"Frame Backend {profile.username}",
        "via_device": mark_of(installation_id),
    }

    def of_answer(name: str, template: str, **more: object) -> Mapping[str, Any]:
        return {"name": name, "state_topic": answer, "value_template": f"{{{{ {template} }}}}", **more}

    entities: dict[tuple[str, str], Mapping[str, Any]] = {
        ("sensor", "answer"): of_answer(
            "Last answer",
            f"value_json.answer[:{STATE_MAX_CHARS}]",
            json_attributes_topic=answer,
            icon="mdi:glasses",
        ),
        ("sensor", "trust"): of_answer(
            "Trust", "value_json.trust_percent", unit_of_measurement="%", icon="mdi:check-decagram-outline"
        ),
        ("sensor", "answered_by"): of_answer("Answered by", "value_json.answered_by", icon="mdi:robot-outline"),
        ("sensor", "cost_today"): {
            "name": "Cost today", "state_topic": cost_topic(profile), "unit_of_measurement": "USD",
            "device_class": "monetary", "suggested_display_precision": 4,
        },
    }  # fmt: skip
    if with_picture:
        entities["image", "picture"] = {"name": "Last picture", "image_topic": picture_topic(profile)}
    return {
        _config_topic(component, f"{slug(profile)}_{name}"): _whole(entity, f"{mark}_{name}", device)
        for (component, name), entity in entities.items()
    }


def light_config(installation_id: str, provider: str) -> Configs:
    """By topic, what Home Assistant is told of a provider."""
    mark = mark_of(installation_id)
    entity = {"name": provider, "state_topic": light_topic(provider), "icon": "mdi:lightbulb-on-outline"}
    device = {"identifiers": [mark], "name": "Frame Backend", "sw_version": __version__}
    return {_config_topic("sensor", f"light--{provider}"): _whole(entity, f"{mark}_light_{provider}", device)}


def _config_topic(component: str, name: str) -> str:
    return f"{DISCOVERY}/{component}/{ROOT}/{name}/config"


def _whole(entity: Mapping[str, Any], unique_id: str, device: Mapping[str, Any]) -> Mapping[str, Any]:
    origin = {"name": "Frame Backend", "sw_version": __version__}
    return {**entity, "unique_id": unique_id, "device": device, "availability_topic": STATUS, "origin": origin}


def topics_in(config: bytes, installation_id: str) -> tuple[str, ...]:
    """The topics of ours that a config names, of one that this installation made; empty for anybody else's.

    Whoever may write at the broker may write what looks like ours; but nothing is sent to a topic that we do not make.
    """
    try:
        read = json.loads(config)
        is_ours = str(read["unique_id"]).startswith(f"{mark_of(installation_id)}_")
        named = [read.get(name, "") for name in ("state_topic", "image_topic")]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return ()
    return tuple(one for one in named if isinstance(one, str) and _OURS.fullmatch(one)) if is_ours else ()
