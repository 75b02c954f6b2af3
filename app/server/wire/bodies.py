"""The kinds of body that an endpoint may take: how each is described, and how it is read."""

from __future__ import annotations

import asyncio
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
_AT_ONCE_BYTES = 512 * 1024
"""A larger body takes some milliseconds, and is read in a thread."""


@dataclass(frozen=True, slots=True)
class JsonBody(Generic[schemas.Body]):
    """A JSON body of at most 64 KB, or one in which there is room for a picture.

    ``too_large``, ``invalid``: the codes that a larger one, and one of another shape, is refused with.
    ``may_be_unnamed``: it is also taken where no media type is told at all.
    """

    media: ClassVar[str] = "application/json"
    model: type[schemas.Body]
    too_large: str = "bad_request"
    invalid: str = "invalid_field"
    has_picture: bool = False
    may_be_unnamed: bool = False

    @property
    def content(self) -> Mapping[str, Any]:
        """As OpenAPI describes it, by media type."""
        return {self.media: {"schema": schemas.ref(self.model)}}

    async def read(self, request: web.Request) -> schemas.Body:
        """Raises ``Refused``. Only ``application/json`` is taken: no web page's form sends that, nor does one without
        a type.
        """
        media_type = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if media_type != self.media and not (self.may_be_unnamed and "Content-Type" not in request.headers):
            raise Refused("wrong_media_type")
        limit_bytes = _MAX_JSON_BYTES
        if self.has_picture:
            limit_bytes += request.app[context_keys.STORE].settings.integer("limits.upload_mb") * _MB * 4 // 3
        body = await request.app[context_keys.UPLOADS].read(request, limit_bytes, too_large=self.too_large)
        if len(body) <= _AT_ONCE_BYTES:
            return schemas.parse(body, self.model, invalid=self.invalid)
        return await asyncio.to_thread(schemas.parse, body, self.model, invalid=self.invalid)


@dataclass(frozen=True, slots=True)
class FormBody:
    """A form with a picture in it, or the picture alone with the other fields in the query.

    ``fields``: the schema of each; one of ``required`` must be there.
    """

    media: ClassVar[str] = "multipart/form-data"
    fields: Mapping[str, Mapping[str, Any]]
    required: tuple[str, ...]

    @property
    def content(self) -> Mapping[str, Any]:
        """As OpenAPI describes it, by media type."""
        one_of = [{"required": [name]} for name in self.required]
        form = {"type": "object", "properties": self.fields, "anyOf": one_of}
        return {self.media: {"schema": form}, "image/*": {"schema": {"type": "string", "format": "binary"}}}

    async def read(self, request: web.Request) -> multipart.Form:
        """Raises ``Refused``: ``image_too_large``, ``upload_timeout``, ``bad_request``."""
        settings = request.app[context_keys.STORE].settings
        by_others = settings.flag("doors.uploads")
        content_type = request.headers.get("Content-Type", "")
        is_bare = by_others and content_type.lower().startswith("image/")
        boundary = b"" if is_bare else multipart.boundary_of(content_type)
        limit_bytes = settings.integer("limits.upload_mb") * _MB
        body = await request.app[context_keys.UPLOADS].read(request, limit_bytes, too_large="image_too_large")
        if is_bare:
            return multipart.Form(body, request.query.get("username"), request.query.get("prompt"))
        return multipart.form_of(body, boundary, by_others=by_others)
