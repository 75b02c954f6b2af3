"""The tables as peewee classes, for queries alone: ``migrations`` makes the tables, a ``Session`` executes the queries.

Times are Unix time: columns named ``_at`` in seconds (REAL), ``received_ms`` in milliseconds (INTEGER).
"""

from __future__ import annotations

from peewee import (
    AutoField,
    BlobField,
    BooleanField,
    CompositeKey,
    FloatField,
    IntegerField,
    Model,
    TextField,
)

SHARED = 0
"""Stands for the household in place of a profile's id: AUTOINCREMENT begins at 1 and never gives an id twice."""


class MetaRecord(Model):
    key = TextField(primary_key=True)
    value = TextField()

    class Meta:
        table_name = "meta"


class SettingRecord(Model):
    key = TextField(primary_key=True)
    value = TextField()

    class Meta:
        table_name = "setting"


class ProfileRecord(Model):
    """``key_hash``: HMAC-SHA256 of the auth key; ``pepper_id`` tells which pepper made it. ``chain``: JSON or null."""

    id = AutoField()
    username = TextField(unique=True)
    key_hash = BlobField(unique=True)
    pepper_id = TextField()
    prompt = TextField(default="")
    chain = TextField(null=True)
    created_at = FloatField()
    last_seen_at = FloatField(null=True)
    deleted_at = FloatField(null=True)
    has_short_key = BooleanField(default=False)

    class Meta:
        table_name = "profile"


class ProfileSettingRecord(Model):
    profile_id = IntegerField()
    key = TextField()
    value = TextField()

    class Meta:
        table_name = "profile_setting"
        primary_key = CompositeKey("profile_id", "key")


class PairingRecord(Model):
    """``expires_at`` null: until revoked."""

    profile_id = IntegerField()
    ip = TextField()
    paired_at = FloatField()
    expires_at = FloatField(null=True)
    last_auth_at = FloatField(null=True)

    class Meta:
        table_name = "pairing"
        primary_key = CompositeKey("profile_id", "ip")


class TokenRecord(Model):
    """``token_hash``: SHA-256; a token has 256 random bits, so no pepper is needed. ``ip``: whom it was given to."""

    token_hash = BlobField(primary_key=True)
    profile_id = IntegerField()
    issued_at = FloatField()
    expires_at = FloatField()
    ip = TextField(default="")

    class Meta:
        table_name = "token"


class AppKeyRecord(Model):
    """``key_hash``: HMAC-SHA256 with the pepper. ``app``: what the owner calls it."""

    id = AutoField()
    profile_id = IntegerField()
    app = TextField()
    key_hash = BlobField(unique=True)
    created_at = FloatField()
    last_used_at = FloatField(null=True)

    class Meta:
        table_name = "app_key"


class BlacklistRecord(Model):
    address = TextField(primary_key=True)
    reason = TextField(default="")
    automatic = BooleanField(default=False)
    created_at = FloatField()
    expires_at = FloatField(null=True)
    hits = IntegerField(default=0)

    class Meta:
        table_name = "blacklist"


class ProviderRecord(Model):
    """What the owner changed of a provider; null = as it comes. ``position`` is set for custom ones alone."""

    name = TextField(primary_key=True)
    position = IntegerField(null=True)
    base_url = TextField(null=True)
    model = TextField(null=True)
    enabled = BooleanField(null=True)
    requests_per_minute = IntegerField(null=True)
    requests_per_day = IntegerField(null=True)
    daily_cap_usd = FloatField(null=True)
    preset = TextField(null=True)
    revision = IntegerField(default=0)

    class Meta:
        table_name = "provider"


class StoredKeyRecord(Model):
    """Which keys lie in the keyring, never the keys. ``tag`` is random and new whenever the key is."""

    profile_id = IntegerField()
    provider = TextField()
    tag = TextField()

    class Meta:
        table_name = "stored_key"
        primary_key = CompositeKey("profile_id", "provider")


class CooldownRecord(Model):
    """``since`` and ``until`` in Unix seconds."""

    provider = TextField()
    key_id = TextField()
    word = TextField()
    until = FloatField()
    revision = IntegerField()
    step = IntegerField()
    since = FloatField()

    class Meta:
        table_name = "cooldown"
        primary_key = CompositeKey("provider", "key_id")


class LessonRecord(Model):
    """``repairs``: JSON list of [parameter, instead, value]. ``learned_at``: Unix seconds."""

    provider = TextField(primary_key=True)
    base_url = TextField()
    model = TextField()
    revision = IntegerField()
    blind = BooleanField()
    repairs = TextField()
    successor = TextField()
    learned_at = FloatField()

    class Meta:
        table_name = "lesson"


class DayCountRecord(Model):
    """``day``: ISO date in the provider's own zone."""

    provider = TextField()
    key_id = TextField()
    day = TextField()
    calls = IntegerField()

    class Meta:
        table_name = "day_count"
        primary_key = CompositeKey("provider", "key_id", "day")


class PriceRecord(Model):
    """The owner's own price of a model in US dollars per million tokens. ``as_of``: ISO date."""

    model = TextField(primary_key=True)
    input_usd = FloatField()
    output_usd = FloatField()
    as_of = TextField()

    class Meta:
        table_name = "price"


RECORDS: tuple[type[Model], ...] = (
    MetaRecord, SettingRecord, ProfileRecord, ProfileSettingRecord, PairingRecord, TokenRecord, AppKeyRecord,
    BlacklistRecord, ProviderRecord, StoredKeyRecord, CooldownRecord, LessonRecord, DayCountRecord, PriceRecord,
)  # fmt: skip
"""All but ``frame``, whose rows are written and read by plain SQL in ``history`` (one per frame: peewee's share of
the cost would be the larger one)."""
