"""Google Gemini. Facts: app/providers/README.md, Defaults and Gemini (2026-11-25)."""

from app.core.sentence import Sentence
from app.providers.dialect_gemini import GeminiProvider
from app.providers.vendor import ProviderVendor

VENDOR = ProviderVendor(
    name="gemini",
    label="Gemini",
    dialect=GeminiProvider,
    base_url="https://generativelanguage.googleapis.com/v1beta",
    model="gemini-3.5-flash-lite",
    key_variable="GEMINI_API_KEY",
    key_page="https://aistudio.google.com/apikey",
    good_at=Sentence("Quick, and good at most things."),
    aliases={
        "gemini-pro-vision": "gemini-3.5-flash-lite",
        "gemini-1.5-flash": "gemini-3.5-flash-lite",
        "gemini-1.5-pro": "gemini-3.8-flash",
        "gemini-2.0-flash": "gemini-3.5-flash-lite",
        "gemini-2.0-flash-001": "gemini-3.5-flash-lite",
        "gemini-2.0-flash-exp": "gemini-3.5-flash-lite",
        "gemini-2.0-flash-lite": "gemini-3.5-flash-lite",
        "gemini-2.0-flash-lite-001": "gemini-3.5-flash-lite",
        "gemini-2.5-flash-lite": "gemini-3.5-flash-lite",
        "gemini-2.5-flash": "gemini-3.8-flash",
        "gemini-2.5-pro": "gemini-3.8-flash",
        "gemini-3.1-flash-lite": "gemini-3.5-flash-lite",
    },
    preferred=(
        r"^gemini-(\d+(?:\.\d+)?)-flash-lite",
        r"^gemini-(\d+(?:\.\d+)?)-flash",
        r"^gemini-.*flash",
        r"^gemini-(\d+)",
    ),
    reset_zone="America/Los_Angeles",
    free_pace=(12, 450),
)
