"""A reply's JSON schema, for servers that take only part of the standard, and in words for those that take none.

Its order is kept: models fill it in that order, by ``properties`` (OpenAI) and by ``required`` (Gemini:
app/providers/README.md), and what decides comes before the long form.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

_KEPT = frozenset({"type", "description", "enum", "const", "items", "anyOf", "$ref"})
_EXAMPLES: Mapping[str, Any] = {"string": "...", "number": 0.5, "integer": 1, "boolean": True, "array": []}


def strict(schema: Mapping[str, Any]) -> dict[str, Any]:
    """``schema`` as OpenAI's strict mode wants it: every property required, no others, and no bounds.

    https://platform.openai.com/docs/guides/structured-outputs, "Supported schemas".
    """
    kept = {key: _strict_inside(value) for key, value in schema.items() if key in _KEPT}
    if "properties" in schema:
        kept["properties"] = {name: strict(part) for name, part in schema["properties"].items()}
        kept["required"] = list(schema["properties"])
        kept["additionalProperties"] = False
    if "$defs" in schema:
        kept["$defs"] = {name: strict(part) for name, part in schema["$defs"].items()}
    return kept


def _strict_inside(value: Any) -> Any:
    if isinstance(value, Mapping):
        return strict(value)
    if isinstance(value, list):
        return [_strict_inside(part) for part in value]
    return value


def in_words(schema: Mapping[str, Any]) -> str:
    """The fields and an example, for JSON mode; DeepSeek and Qwen also insist on the word "json" in the prompt."""
    properties: Mapping[str, Mapping[str, Any]] = schema["properties"]
    fields = "; ".join(_field_in_words(name, part) for name, part in properties.items())
    example = json.dumps({name: _example(part) for name, part in properties.items()}, ensure_ascii=False)
    return f"Reply with one json object and nothing else. Its fields, in this order: {fields}. Its form: {example}"


def _field_in_words(name: str, part: Mapping[str, Any]) -> str:
    kind = " or ".join(map(str, part["enum"])) if "enum" in part else str(part.get("type", "string"))
    description = str(part.get("description", "")).rstrip(".")
    return f"{name} ({kind}): {description}" if description else f"{name} ({kind})"


def _example(part: Mapping[str, Any]) -> Any:
    return part["enum"][0] if part.get("enum") else _EXAMPLES.get(str(part.get("type")), "...")
