"""Why a request never becomes a frame: the codes of the HTTP contract, each with its status and its sentence.

A frame that fails later raises a ``FrameError`` of ``core.errors`` with codes of its own.
"""

from __future__ import annotations

from app.core.errors import FrameBackendError

REFUSALS: dict[str, tuple[int, str]] = {
    "bad_request": (400, "The request could not be read."),
    "invalid_request": (400, "This is no single JSON-RPC message."),
    "image_missing": (400, "The request holds no photo."),
    "image_empty": (400, "The photo was empty. Please try again."),
    "not_paired": (401, "This device is not paired with that profile."),
    "blocked": (403, "This device is blocked."),
    "not_found": (404, "There is nothing at that address."),
    "door_closed": (404, "This door is closed: Settings, Doors for other programs."),
    "method_not_allowed": (405, "That method is not allowed here."),
    "upload_timeout": (408, "The upload took too long. Please try again."),
    "image_too_large": (413, "The photo is too large."),
    "prompt_too_long": (413, "The prompt is longer than 4000 characters."),
    "wrong_media_type": (415, "The request must be application/json."),
    "wrong_host": (421, "This server has another name."),
    "invalid_field": (422, "A field is missing or not valid."),
    "rate_limited": (429, "Too many requests. Please wait a little."),
    "busy": (503, "The server is busy. Please try again."),
    "error": (500, "Something went wrong on the server."),
}
"""code: (status, sentence). Sentences are under 60 ASCII characters: they may stand on the glasses."""


class Refused(FrameBackendError):
    """The request is refused: ``code`` and ``status`` of the contract; ``str()`` is the sentence.

    ``retry_after_s`` is sent as ``Retry-After`` when set. ``field``: the one that is wrong, by its place in the body.
    """

    def __init__(self, code: str, sentence: str = "", *, retry_after_s: int | None = None, field: str = "") -> None:
        self.code = code
        self.status, usual = REFUSALS[code]
        super().__init__(sentence or usual)
        self.retry_after_s = retry_after_s
        self.field = field
