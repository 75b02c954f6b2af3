"""DeepSeek. Facts: app/providers/README.md, Defaults and DeepSeek (2026-11-25)."""

from app.core.sentence import Sentence
from app.providers.dialect_openai import OpenAIProvider
from app.providers.vendor import ProviderVendor, Quirks, priced

VENDOR = ProviderVendor(
    name="deepseek",
    label="DeepSeek",
    dialect=OpenAIProvider,
    base_url="https://api.deepseek.com",
    model="deepseek-flash",
    key_variable="DEEPSEEK_API_KEY",
    key_page="https://platform.deepseek.com/api_keys",
    good_at=Sentence("Good at maths and at puzzles."),
    aliases={
        "deepseek-chat": "deepseek-flash",
        "deepseek-reasoner": "deepseek-flash",
        "deepseek-v4-flash": "deepseek-flash",
        "deepseek-v4-flash-vision-exp": "deepseek-flash",
    },
    blind=frozenset({"deepseek-v4-pro"}),
    preferred=(r"^deepseek-flash$", r"^deepseek-v(\d+(?:\.\d+)?)-flash", r"flash"),
    # An old name that deepseek-flash answers to, at its peak price.
    prices=priced("2026-11-25", {"deepseek-v4-flash-vision-exp": (0.30, 1.20)}),
    # It thinks by default, and the thoughts eat the budget: an empty answer after many seconds.
    quirks=Quirks(json_mode="object", always={"thinking": {"type": "disabled"}}),
)
