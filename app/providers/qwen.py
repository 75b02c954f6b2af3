"""Qwen on Alibaba Model Studio. Facts: app/providers/README.md, Defaults and Qwen (2026-11-25)."""

from app.core.sentence import Sentence
from app.providers.dialect_openai import OpenAIProvider
from app.providers.vendor import ProviderVendor, Quirks, priced

VENDOR = ProviderVendor(
    name="qwen",
    label="Qwen",
    dialect=OpenAIProvider,
    base_url="https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
    model="qwen3.8-flash",
    key_variable="DASHSCOPE_API_KEY",
    key_page="https://modelstudio.console.alibabacloud.com/?tab=dashboard#/api-key",
    good_at=Sentence("Good at translating, and at reading Chinese."),
    key_hint=Sentence("A key works only at the address of its own region."),
    aliases={
        "qwen-vl-max": "qwen3.8-flash",
        "qwen-vl-plus": "qwen3.8-flash",
        "qwen3-vl-flash": "qwen3.8-flash",
        "qwen3-vl-plus": "qwen3.8-flash",
        "qwen3.7-plus": "qwen3.8-flash",
    },
    # Before 3.5 only the models named vl see.
    preferred=(
        r"^qwen(3\.[5-9]|[4-9](?:\.\d+)?)-flash",
        r"^qwen(3\.[5-9]|[4-9](?:\.\d+)?)-plus",
        r"^qwen(\d+(?:\.\d+)?)-vl-flash",
        r"^qwen(\d+(?:\.\d+)?)-vl",
        r"^qwen-vl",
    ),
    prices=priced("2026-11-25", {"qwen3.8-flash": (0.15, 0.47), "qwen3.7-plus": (0.40, 1.60)}),
    quirks=Quirks(json_mode="object", always={"enable_thinking": False}),
)
