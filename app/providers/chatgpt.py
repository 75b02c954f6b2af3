"""OpenAI. Facts: app/providers/README.md, Defaults and OpenAI (2026-11-25)."""

from app.core.sentence import Sentence
from app.providers.dialect_openai import OpenAIProvider
from app.providers.vendor import ProviderVendor, Quirks

VENDOR = ProviderVendor(
    name="chatgpt",
    label="ChatGPT",
    dialect=OpenAIProvider,
    base_url="https://api.openai.com/v1",
    model="gpt-6-luna",
    key_variable="OPENAI_API_KEY",
    key_page="https://platform.openai.com/api-keys",
    good_at=Sentence("Good at signs, labels and questions."),
    aliases={
        "gpt-4-vision-preview": "gpt-6-luna",
        "gpt-4-turbo": "gpt-6-luna",
        "gpt-4o": "gpt-6-luna",
        "gpt-4o-mini": "gpt-6-luna",
        "gpt-5-mini": "gpt-6-luna",
        "gpt-5-nano": "gpt-6-luna",
        "gpt-5.6-luna": "gpt-6-luna",
    },
    # Never gpt-4o-mini: it counts every picture as 2,833 tokens.
    preferred=(
        r"^gpt-(\d+(?:\.\d+)?)-luna",
        r"^gpt-([5-9](?:\.\d+)?)-(?:nano|mini)",
        r"^gpt-(\d+(?:\.\d+)?)-sol",
        r"^gpt-([5-9](?:\.\d+)?)",
        r"^gpt-4o(?!-mini)",
    ),
    quirks=Quirks(limit_field="max_completion_tokens", always={"reasoning_effort": "none"}, tell_fields=False),
)
