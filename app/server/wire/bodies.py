"""The kinds of body that an endpoint may take: how each is described, and how it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Generic

from aiohttp import web

from app.server import context_keys
from app.server.wire import multipart, schemas
from app.server.wire.api_errors import Refused

_MAX_JSON_BYTES = 64 * 1024
"""Room for 4,000 characters however they are escaped."""
_MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class JsonBody(Generic[schemas.Body]):
    """A small JSON body. ``too_large``: the code that one of over 64 KB is refused with."""

    media: ClassVar[str] = "application/json"
    model: type[schemas.Body]
    too_large: str = "bad_request"

    @property
    def schema(self) -> Mapping[str, Any]:
        return schemas.ref(self.model)

    async def read(self, request: web.Request) -> schemas.Body:
        """Raises ``Refused``. Only ``application/json`` is taken: no web page's form sends that."""
        media_type = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if media_type != self.media:
            raise Refused("wrong_media_type")
        body = await request.app[context_keys.UPLOADS].read(request, _MAX_JSON_BYTES, too_large=self.too_large)
        return schemas.parse(body, self.model)


@dataclass(frozen=True, slots=True)
class FormBody:
    """A form with a picture in it. ``fields``: the schema of each; those of ``required`` must be there."""

    media: ClassVar[str] = "multipart/form-data"
    fields: Mapping[str, Mapping[str, Any]]
    required: tuple[str, ...]

    @property
    def schema(self) -> Mapping[str, Any]:
        return {"type": "object", "properties": self.fields, "required": list(self.required)}

    async def read(self, request: web.Request) -> multipart.Form:
        """Raises ``Refused``: ``image_too_large``, ``upload_timeout``, ``bad_request``."""
        boundary = multipart.boundary_of(request.headers.get("Content-Type", ""))
        limit_bytes = request.app[context_keys.STORE].settings.integer("limits.upload_mb") * _MB
        body = await request.app[context_keys.UPLOADS].read(request, limit_bytes, too_large="image_too_large")
        return multipart.form_of(body, boundary)
