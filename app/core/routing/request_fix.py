"""What a refusal teaches: with what a second call, and every later one, should be sent."""

from __future__ import annotations

from dataclasses import replace

from app.core.errors import BadRequestError, ModelGoneError, ProviderError
from app.core.provider import Learned, ProviderConfig

REPAIRS_KEPT = 8


def fix_for(config: ProviderConfig, sent: Learned, error: ProviderError) -> Learned | None:
    """What a second call should be sent with after ``error``; None when it would be no better."""
    match error:
        case BadRequestError(repair=repair) if repair is not None and repair not in sent.repairs:
            return replace(sent, repairs=(*sent.repairs, repair)) if len(sent.repairs) < REPAIRS_KEPT else None
        case ModelGoneError(successor=successor) if successor not in ("", None, sent.successor, config.model):
            return replace(sent, successor=successor)
    return None


def both(known: Learned, lesson: Learned) -> Learned:
    """``known`` and ``lesson`` together: another frame may have learned something meanwhile."""
    repairs = tuple(dict.fromkeys((*known.repairs, *lesson.repairs)))
    return replace(known, repairs=repairs, successor=lesson.successor or known.successor)
