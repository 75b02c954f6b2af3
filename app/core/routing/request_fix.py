"""What a refusal teaches: with what a second call, and every later one, should be sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from app.core.cost.pricing import PriceOf, costs_no_more
from app.core.errors import BadRequestError, ModelGoneError, ProviderError
from app.core.provider import Learned, Provider, ProviderConfig

REPAIRS_KEPT = 8


def fix_for(provider: Provider, sent: Learned, error: ProviderError, price_of: PriceOf) -> Learned | None:
    """What a second call should be sent with after ``error``; None when it would be no better, or dearer."""
    model = provider.config.model
    match error:
        case BadRequestError(repair=repair) if repair is not None and repair not in sent.repairs:
            return replace(sent, repairs=(*sent.repairs, repair)) if len(sent.repairs) < REPAIRS_KEPT else None
        case ModelGoneError(successor=str(successor)) if successor not in ("", sent.successor, model):
            return replace(sent, successor=successor) if costs_no_more(provider, successor, model, price_of) else None
    return None


def both(known: Learned, lesson: Learned) -> Learned:
    """``known`` and ``lesson`` together: another frame may have learned something meanwhile."""
    repairs = tuple(dict.fromkeys((*known.repairs, *lesson.repairs)))
    return replace(known, repairs=repairs, successor=lesson.successor or known.successor)


def model_of(config: ProviderConfig, learned: Learned) -> str:
    """The model that a call asks for."""
    return learned.successor or config.model


def is_listed(model: str, models: Iterable[str]) -> bool:
    """Whether ``models``, a provider's own list, names ``model``, as lists write it."""
    return _plain(model) in map(_plain, models)


def _plain(model: str) -> str:
    return model.casefold().removeprefix("models/").removesuffix(":latest")
