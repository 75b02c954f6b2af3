"""Every failure the program expects, as one tree; ``str(error)`` is always one clear sentence for a person.

FrameBackendError
├── ProviderError                  a call to a provider failed; ``word`` is what stands in the trace
│   ├── AuthError                  auth            10 min, 1 h, then 6 h, each ended by a probe
│   ├── RegionError                region          as auth
│   ├── BillingError               billing         10 minutes, then a probe
│   ├── RateError                  rate            what the reply asks (``retry_after_s``)
│   ├── QuotaError                 quota           until its reset (``retry_after_s``, else the provider's midnight)
│   ├── OverloadError              overload        5 s, 15 s, doubling to 5 min
│   │   ├── NotFoundError          overload        likewise
│   │   └── UntrustedError         overload        likewise, with a sentence of its own
│   ├── CallTimeoutError           timeout         as overload
│   ├── BadReplyError              bad_reply       as overload
│   │   └── MisaddressedError      bad_reply       likewise
│   ├── ModelGoneError             model_gone      as auth once it ``is_certain``, till then as overload
│   ├── NoVisionError              no_vision       the model is marked blind for a week
│   ├── BadRequestError            bad_request     one second call with the ``repair``
│   ├── BlockedError               blocked         nothing cools
│   ├── TruncatedError             truncated       nothing cools
│   ├── EmptyReplyError            empty           nothing cools
│   └── ImageRejectedError         image_rejected  nothing cools
├── FrameError                     the frame gets no answer; carries ``code`` and ``status`` of the HTTP contract
│   ├── PictureError               the upload is no usable photo
│   │   ├── PictureEmpty  PictureUnsupported  PictureTooLarge  PictureTooSmall  PictureDamaged
│   ├── NoProvider                 KeysLocked: only because of the keyring
│   ├── FacesNotBlurred  NoAnswer  DeadlinePassed  Superseded  Stopping  HungUp
├── StoreError                     what the store refuses
│   ├── UnknownName  NameTaken  InvalidValue  KeyringUnavailable  DataFolderInUse  DatabaseUnusable
│       DatabaseDamaged  ArchiveUnusable
├── ServerError                    the listener could not be opened: AddressInUse  AddressForbidden  AddressInvalid
└── Unforeseen                     the program ends over what none of these describes
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from app.core.sentence import Sentence

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from app.core.frame import Attempt, Usage


class FrameBackendError(Exception):
    """An expected failure: ``template``, written out, and its ``fields`` make its one ``sentence``, which is ``str()``.

    It holds no key, no path of the server and no traceback. ``FrameBackendError(error.sentence)`` hands one on.
    """

    def __init__(self, template: str, /, **fields: object) -> None:
        super().__init__(Sentence(template, **fields))

    @property
    def sentence(self) -> Sentence:
        sentence: Sentence = self.args[0]
        return sentence


class Unforeseen(FrameBackendError):
    """A bug, or a state of this computer that nobody thought of; whoever raises it has logged its traceback."""

    def __init__(self, error: BaseException) -> None:
        kind = type(error).__name__
        super().__init__(
            Sentence("Something went wrong inside the program: {kind}. The log has the details.", kind=kind)
        )


# --- providers -------------------------------------------------------------------------------------------------


class ProviderError(FrameBackendError):
    """A provider gave no usable reply.

    The sentence is ours, never the provider's raw text (it may echo a key). ``retry_after_s`` is set when the reply
    asked for a wait; ``usage`` when it counted tokens, which are to be paid all the same.
    """

    word: ClassVar[str] = "error"
    usage: Usage | None = None

    def __init__(self, template: str = "", /, *, retry_after_s: float | None = None, **fields: object) -> None:
        super().__init__(template or self.word, **fields)
        self.retry_after_s = retry_after_s


class AuthError(ProviderError):
    word = "auth"


class RegionError(ProviderError):
    word = "region"


class BillingError(ProviderError):
    word = "billing"


class RateError(ProviderError):
    word = "rate"


class QuotaError(ProviderError):
    word = "quota"


class OverloadError(ProviderError):
    word = "overload"


class NotFoundError(OverloadError):
    """A 404 that does not speak of the model: a proxy while the server starts, or an address that is none."""


class UntrustedError(OverloadError):
    """Its certificate was made by nobody whom this computer trusts."""


class CallTimeoutError(ProviderError):
    word = "timeout"


class BadReplyError(ProviderError):
    word = "bad_reply"


class MisaddressedError(BadReplyError):
    """Nothing is at the address; the sentence names one that answers."""


class ModelGoneError(ProviderError):
    """The model is said to be served no longer. ``successor``: what replaced it, where the vendor's file knows.

    ``is_certain``: the refusal alone proves it; else the provider's own list of models has the last word.
    """

    word = "model_gone"

    def __init__(
        self, template: str = "", /, *, successor: str | None = None, is_certain: bool = False, **fields: object
    ) -> None:
        super().__init__(Sentence(template, **fields))
        self.successor, self.is_certain = successor, is_certain


class NoVisionError(ProviderError):
    word = "no_vision"


@dataclass(frozen=True, slots=True)
class Repair:
    """What a 400 taught: leave ``parameter`` out, or send its value under ``instead``, or send ``value`` for it."""

    parameter: str
    instead: str | None = None
    value: str | int | float | bool | None = None


class BadRequestError(ProviderError):
    """The request was refused. ``repair`` is set when something in it can be left out or corrected."""

    word = "bad_request"

    def __init__(self, template: str = "", /, *, repair: Repair | None = None, **fields: object) -> None:
        super().__init__(Sentence(template, **fields))
        self.repair = repair


class BlockedError(ProviderError):
    word = "blocked"


class TruncatedError(ProviderError):
    word = "truncated"


class EmptyReplyError(ProviderError):
    word = "empty"


class ImageRejectedError(ProviderError):
    word = "image_rejected"


# --- frames ----------------------------------------------------------------------------------------------------


class FrameError(FrameBackendError):
    """The frame ends without an answer.

    The sentence, usually ``template``, is what the wearer reads on the glasses: under 60 ASCII characters.
    ``attempts`` is what was tried; ``blurred_faces``: as its picture's.
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500
    template: ClassVar[str] = "Something went wrong."

    def __init__(self, template: str = "", /, *, attempts: tuple[Attempt, ...] = (), **fields: object) -> None:
        super().__init__(template or self.template, **fields)
        self.attempts = attempts
        self.blurred_faces: int | None = None


class PictureError(FrameError):
    """The upload is not a photo that a provider could be sent."""


class PictureEmpty(PictureError):
    code, status = "image_empty", 400
    template = "The photo was empty. Please try again."


class PictureUnsupported(PictureError):
    code, status = "image_unsupported", 415
    template = "That file is not a photo I can read."


class PictureTooLarge(PictureError):
    code, status = "image_too_large", 413
    template = "The photo is too large."


class PictureTooSmall(PictureError):
    code, status = "image_too_small", 422
    template = "The photo is too small to read."


class PictureDamaged(PictureError):
    code, status = "image_damaged", 422
    template = "The photo arrived damaged. Please try again."


class FacesNotBlurred(FrameError):
    code, status = "faces_not_blurred", 503
    template = "Photo not sent: faces could not be blurred."


class NoProvider(FrameError):
    code, status = "no_provider", 503
    template = "No AI is set up for this profile."


class KeysLocked(NoProvider):
    """The keyring has the keys, and does not give them."""

    template = "The keyring is locked: no AI has its key."


class NoAnswer(FrameError):
    code, status = "no_answer", 502
    template = "No AI could answer. Please try again."


class DeadlinePassed(FrameError):
    code, status = "deadline", 504
    template = "The AIs took too long. Please try again."


class Superseded(FrameError):
    code, status = "superseded", 429
    template = "A newer photo took this one's place."


class Stopping(FrameError):
    code, status = "stopping", 503
    template = "The server is shutting down."


class HungUp(FrameError):
    """The phone closed the connection before the answer; never sent, only kept in the activity."""

    code, status = "hung_up", 499
    template = "The phone hung up before the answer."


# --- store -----------------------------------------------------------------------------------------------------


class StoreError(FrameBackendError):
    """The store refused a request; nothing was changed."""


class UnknownName(StoreError):
    """No profile, provider, setting, pairing or blacklist entry of that name."""


class NameTaken(StoreError):
    """The name or the auth key is in use already."""


class InvalidValue(StoreError):
    """A value breaks its bounds; the sentence names the field and the bounds."""


class KeyringUnavailable(StoreError):
    """This machine's keyring cannot keep a key; the sentence says what to use instead."""


class DataFolderInUse(StoreError):
    """Another server runs on this data folder."""


class DatabaseUnusable(StoreError):
    """The database cannot be opened, or was made by a newer version."""


class DatabaseDamaged(DatabaseUnusable):
    """The database file is damaged. ``copy``: the newest sound copy of it, made at ``copied_at``; None without one."""

    def __init__(
        self, template: str, /, *, copy: Path | None = None, copied_at: datetime | None = None, **fields: object
    ) -> None:
        super().__init__(template, **fields)
        self.copy, self.copied_at = copy, copied_at


class ArchiveUnusable(StoreError):
    """A backup, or what is to be imported, cannot be used; nothing was changed."""


# --- server ----------------------------------------------------------------------------------------------------


class ServerError(FrameBackendError):
    """The listener could not be opened.

    ``free_port`` could be bound now (0: none was found), on the wanted host or else on ``free_host``.
    """

    def __init__(self, template: str, /, *, free_port: int = 0, free_host: str = "", **fields: object) -> None:
        super().__init__(template, **fields)
        self.free_port, self.free_host = free_port, free_host


class AddressInUse(ServerError):
    """Another program listens on that port."""


class AddressForbidden(ServerError):
    """The system does not let this program use that port."""


class AddressInvalid(ServerError):
    """The host is not an address of this machine."""
