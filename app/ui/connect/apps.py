"""The programs that "Connect an app" knows: by which door each comes in, and what is typed where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.ui.support.noop_tr import QT_TRANSLATE_NOOP

PROBES = {"openai": "/v1/models", "ollama": "/api/tags"}
"""What a program asks each door first: it costs nothing, and needs the same key as a question."""
_UNMADE = "YOUR-KEY"
_LLM_MODELS = '"$(dirname "$(llm logs path)")/extra-openai-models.yaml"'
_LLM_MODEL = (
    '{model_id: frame-backend, model_name: frame-backend, api_base: "{url}/v1", api_key_name: frame-backend, '
    "vision: true}"
)
_QUESTION = '{"model": "frame-backend", "messages": [{"role": "user", "content": "What do my glasses see?"}]}'


@dataclass(frozen=True, slots=True)
class App:
    """``name``: as its makers call it. ``where``: where the ``lines`` go, to be translated."""

    name: str
    door: Literal["openai", "ollama"]
    where: str
    lines: str

    def lines_for(self, url: str, key: str) -> str:
        """What is copied; without a ``key``, a word in its place."""
        return self.lines.replace("{url}", url).replace("{key}", key or _UNMADE)


APPS = (
    App(
        "Open WebUI",
        "openai",
        QT_TRANSLATE_NOOP("AppDialog", "Admin Panel, Settings, Connections: add one under OpenAI API."),
        "URL: {url}/v1\nKey: {key}\nModel: frame-backend",
    ),
    App(
        "Home Assistant",
        "ollama",
        QT_TRANSLATE_NOOP("AppDialog", "Settings, Devices & services, Add integration: Ollama."),
        "URL: {url}\nAPI key: {key}\nModel: frame-backend",
    ),
    App(
        "llm",
        "openai",
        QT_TRANSLATE_NOOP("AppDialog", "In a terminal; add -a photo.jpg to ask about a picture of your own."),
        f"echo '- {_LLM_MODEL}' >> {_LLM_MODELS}\n"
        "llm keys set frame-backend --value {key}\n"
        "llm -m frame-backend 'What do my glasses see?'",
    ),
    App(
        "curl",
        "openai",
        QT_TRANSLATE_NOOP("AppDialog", "In a terminal."),
        "curl {url}/v1/chat/completions -H 'Authorization: Bearer {key}' -H 'Content-Type: application/json' "
        f"-d '{_QUESTION}'",
    ),
    App(
        "OpenGlasses",
        "openai",
        QT_TRANSLATE_NOOP("AppDialog", "In its settings: a custom provider that speaks to OpenAI."),
        "Base URL: {url}/v1\nAPI key: {key}\nModel: frame-backend",
    ),
    App(
        "Even Agent Home",
        "openai",
        QT_TRANSLATE_NOOP("AppDialog", "In the Even app, Add Agent: address and token."),
        "URL: {url}/v1/chat/completions?model=frame-backend\nToken: {key}",
    ),
)
