"""Programs that people have, unmodified, at the whole program's doors: each asks about a picture.

Node's are run where ``FRAME_BACKEND_NODE`` names a folder with them (``.ci/run`` makes one where node is), LiteLLM
where ``FRAME_BACKEND_LITELLM`` names a Python that has it: its 250 MB are too many for the lock.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.server.devices import IMAGES, form
from tests.server.whole import Whole

PHOTO = IMAGES / "jpeg_octet_stream.jpg"
TOLD = "A red mug on a desk."
MODELS = ["frame-backend", "frame-backend/alice"]
NODE, LITELLM = os.environ.get("FRAME_BACKEND_NODE", ""), os.environ.get("FRAME_BACKEND_LITELLM", "")
SCRIPT = Path(__file__).with_name("clients.mjs")


async def said(*command: str | Path, cwd: Path | None = None, stdin: str = "", **environ: str) -> str:
    """What it prints within 60 seconds."""
    process = await asyncio.create_subprocess_exec(
        *command, cwd=cwd, env={**os.environ, **environ},
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    async with asyncio.timeout(60):
        out, errors = await process.communicate(stdin.encode())
    assert process.returncode == 0, errors.decode()
    return out.decode()


# --- llm ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def llm(running: Whole, tmp_path: Path) -> dict[str, str]:
    """The environment of one whose file of models names the glasses."""
    model = {
        "model_id": "glasses", "model_name": "frame-backend", "api_base": f"{running.url}/v1",
        "api_key_name": "glasses", "vision": True, "supports_schema": True,
    }  # fmt: skip
    tmp_path.joinpath("extra-openai-models.yaml").write_text(json.dumps([model]))
    tmp_path.joinpath("keys.json").write_text(json.dumps({"glasses": running.token}))
    return {"LLM_USER_PATH": str(tmp_path)}


@pytest.mark.parametrize("more", [(), ("--no-stream",)])
async def test_llm(more: tuple[str, ...], llm: dict[str, str]) -> None:
    command = (sys.executable, "-m", "llm", "-m", "glasses", "What is this?", "-a", PHOTO, *more)
    assert (await said(*command, **llm)).strip() == TOLD


async def test_llm_asks_what_the_glasses_see(llm: dict[str, str]) -> None:
    told = await said(sys.executable, "-m", "llm", "-m", "glasses", "What do my glasses see?", **llm)
    assert told.strip()


# --- node's ------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not NODE, reason="FRAME_BACKEND_NODE names no folder with node's clients")
@pytest.mark.parametrize("which", ["openai", "ai-sdk", "ollama"])
async def test_node(which: str, running: Whole) -> None:
    told = await node_said(which, running)
    assert told.pop("told") == told.pop("streamed") == TOLD
    if listed := told.pop("listed", None):
        assert [name.removesuffix(":latest") for name in listed] == MODELS
    assert told.pop("tokens", 1) > 0
    assert not told


@pytest.mark.skipif(not NODE, reason="FRAME_BACKEND_NODE names no folder with node's clients")
@pytest.mark.parametrize(("which", "version"), [("mcp", "2026-07-28"), ("mcp-legacy", "2025-11-25")])
async def test_nodes_agent_asks_what_the_glasses_see(which: str, version: str, running: Whole) -> None:
    headers = {"Authorization": f"Bearer {running.token}", "Content-Type": "multipart/form-data; boundary=bnd"}
    url = f"{running.url}/"
    async with aiohttp.ClientSession(headers=headers) as glasses, glasses.post(url, data=form({})) as reply:
        assert reply.status == 200
    told = await node_said(which, running)
    assert told == {"version": version, "tools": ["look", "ask", "read_text", "history"], "told": TOLD}


async def node_said(which: str, running: Whole) -> dict[str, Any]:
    source = await asyncio.to_thread(SCRIPT.read_text, encoding="utf-8")
    node = ("node", "--input-type=module", "-", which, running.url, running.token, PHOTO)
    told: dict[str, Any] = json.loads(await said(*node, cwd=Path(NODE), stdin=source, NODE_NO_WARNINGS="1"))
    return told


# --- LiteLLM -----------------------------------------------------------------------------------------------------

ASKS_LITELLM = """
import base64, json, sys, litellm
url, key, path = sys.argv[1:]
seen = "data:image/jpeg;base64," + base64.b64encode(open(path, "rb").read()).decode()
messages = [{"role": "user", "content": [
    {"type": "text", "text": "What is this?"}, {"type": "image_url", "image_url": {"url": seen}}]}]
told = []
for model, base in (("openai/frame-backend", url + "/v1"), ("ollama_chat/frame-backend", url)):
    how = {"model": model, "messages": messages, "api_base": base, "api_key": key}
    told.append(litellm.completion(**how).choices[0].message.content)
    told.append("".join(chunk.choices[0].delta.content or "" for chunk in litellm.completion(**how, stream=True)))
print(json.dumps(told))
"""


@pytest.mark.skipif(not LITELLM, reason="FRAME_BACKEND_LITELLM names no Python that has LiteLLM")
async def test_litellm(running: Whole) -> None:
    told = await said(LITELLM, "-c", ASKS_LITELLM, running.url, running.token, PHOTO, LITELLM_LOCAL_MODEL_COST_MAP="1")
    assert json.loads(told.splitlines()[-1]) == [TOLD] * 4
