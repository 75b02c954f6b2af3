"""The API's description, driven by schemathesis against the whole program: what it promises is held for any input.

Its usual checks apply: no 5xx, and only statuses, types, headers and shapes that are described; what fits the
description is taken and what does not is refused; other methods get 405.
``FRAME_BACKEND_FUZZ=N`` tries N times as many.
"""

from __future__ import annotations

import base64
import os
import re
from pathlib import Path
from typing import Any

import schemathesis
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from schemathesis import Case, HookContext
from schemathesis.checks import negative_data_rejection
from schemathesis.transport.serialization import Binary

from app.core.pasted_key import cleaned
from app.server.wire.schemas import PLAIN_KEY
from app.store.profiles.identifiers import NAME_MAX_CHARS
from tests.server.described import DOCUMENT
from tests.server.devices import ALICE, BOB, IMAGES, KEYS
from tests.server.whole import Whole

EXAMPLES = 25 * int(os.environ.get("FRAME_BACKEND_FUZZ", "1"))
PHOTOS = ("jpeg_octet_stream.jpg", "palette_alpha_png.png", "webp.webp", "gif_animated.gif", "bmp.bmp")
WITHIN_S = 5


def in_base64(photo: Path) -> str:
    return base64.b64encode(photo.read_bytes()).decode()


photos = st.sampled_from([(IMAGES / name).read_bytes() for name in PHOTOS])
schemathesis.openapi.format("binary", photos.map(Binary))
schemathesis.openapi.media_type("image/jpeg", photos, aliases=("image/png", "image/webp", "image/gif"))
schemathesis.openapi.format("picture", st.sampled_from([in_base64(IMAGES / name) for name in PHOTOS]))
schema = schemathesis.openapi.from_dict(DOCUMENT).exclude(path="/events")  # which never ends


@schema.hook
def map_path_parameters(context: HookContext, path_parameters: Any) -> Any:
    """Every other made-up name becomes one that exists: else all would end at the door."""
    return _at_home(path_parameters)


@schema.hook
def map_body(context: HookContext, body: Any) -> Any:
    return _at_home(body)


def _at_home(fields: Any) -> Any:
    if not isinstance(fields, dict):
        return fields
    known = {"username": ALICE, "auth_key": KEYS[BOB], "model": "frame-backend"}
    fit = (name for name in known if isinstance(fields.get(name), str) and 0 < len(fields[name]) <= NAME_MAX_CHARS)
    found = {name for name in fit if len(fields[name]) % 2}
    return fields | {name: known[name] for name in found}


@schema.parametrize()
@settings(
    max_examples=EXAMPLES, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)
def test_any_input(case: Case, running: Whole) -> None:
    headers = {"Authorization": f"Bearer {running.token}"}
    # a form's field sent twice is no array: the first one counts
    forgives = case.media_type == "multipart/form-data" or _holds_a_pasted_key(case.body)
    excluded = [negative_data_rejection] if forgives else []
    case.call_and_validate(base_url=running.url, headers=headers, timeout=WITHIN_S, excluded_checks=excluded)


def _holds_a_pasted_key(body: Any) -> bool:
    """Whether a key in ``body`` breaks the pattern and may be taken all the same: cleaned, or with a rarer sign."""
    keys = body.get("api_keys") if isinstance(body, dict) else None
    texts = [key for key in keys.values() if isinstance(key, str)] if isinstance(keys, dict) else []
    return any(re.fullmatch(PLAIN_KEY, text) is None and cleaned(text).isprintable() for text in texts)
