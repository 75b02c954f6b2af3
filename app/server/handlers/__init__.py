"""One file per group of endpoints, each with its ``ENDPOINTS``; a line here is what makes them be served.

Those for other clients than the glasses' app stand in ``server/doors``.

A handler reads its request, asks its parts, and returns a reply or raises.
"""

from app.server.doors import events, mcp, metrics, ollama, openai, page
from app.server.endpoint import Endpoint
from app.server.handlers import auth, docs, frames, health, profiles, prompts

ENDPOINTS: tuple[Endpoint, ...] = (
    *auth.ENDPOINTS,
    *profiles.ENDPOINTS,
    *prompts.ENDPOINTS,
    *frames.ENDPOINTS,
    *health.ENDPOINTS,
    *docs.ENDPOINTS,
    *openai.ENDPOINTS,
    *mcp.ENDPOINTS,
    *ollama.ENDPOINTS,
    *events.ENDPOINTS,
    *page.ENDPOINTS,
    *metrics.ENDPOINTS,
)
