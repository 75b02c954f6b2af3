"""The command line's verbs, each a few lines over the store.

A verb works on the data folder directly; a server that runs on it sees the change within a second.
"""

from __future__ import annotations

import getpass
import sys
import time
from argparse import Namespace
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from app import images
from app.cli import archive_commands
from app.cli.access_commands import (
    app_key_add,
    app_key_list,
    app_key_revoke,
    blacklist_add,
    blacklist_list,
    blacklist_remove,
    pairing_add,
    pairing_list,
    pairing_revoke,
)
from app.cli.door_commands import door_remove_secret, door_set_secret, door_test
from app.cli.feedback_commands import feedback
from app.cli.output import DONE, CommandFailed, Output, to_json
from app.cli.report_commands import report
from app.core.errors import InvalidValue
from app.core.events import Bus
from app.core.frame import Profile
from app.core.provider import ON_DEVICE, ProviderConfig
from app.core.provider_check import examine
from app.core.setting import Value
from app.core.settings import DEFAULT_PROMPT, SETTINGS, declared
from app.core.text.plain_text import printable
from app.paths import DataFolder
from app.providers import Client, OnDeviceReader, build, default_configs, key_variables, local_models
from app.providers.prices import price_list
from app.store import Store
from app.store.database.clock import utc


async def run(args: Namespace, folder: DataFolder) -> None:
    """Carry out ``args.verb`` and print its output. Raises ``FrameBackendError`` with one sentence."""
    if args.verb in archive_commands.VERBS:
        output = await archive_commands.VERBS[args.verb](folder, args)
    else:
        output = await _with_store(args, folder)
    try:
        _print(output, as_json=args.json)
        sys.stdout.flush()
    except OSError as error:
        raise CommandFailed("The output cannot be written: {reason}.", reason=error.strerror or error) from None


def _print(output: Output, *, as_json: bool) -> None:
    if as_json:
        print(to_json(output.data))
    else:
        for line in output.lines:
            print(printable(line))


async def _with_store(args: Namespace, folder: DataFolder) -> Output:
    opened = await Store.open(
        folder, Bus(), default_providers=default_configs(), key_variables=key_variables, read_prices=price_list
    )
    async with opened as store:
        return await VERBS[args.verb](store, args)


# --- profiles --------------------------------------------------------------------------------------------------


async def profile_add(store: Store, args: Namespace) -> Output:
    chosen = _first_line(sys.stdin.readline()) if args.auth_key == "-" else args.auth_key
    key = await store.profiles.add(args.name, chosen)
    return Output(() if chosen else (key,), {"profile": args.name, "auth_key": key})


async def profile_list(store: Store, _: Namespace) -> Output:
    rows = [
        {
            "profile": profile.username,
            "prompt": profile.prompt or DEFAULT_PROMPT,
            "is_custom": bool(profile.prompt),
            "chain": list(_chain(store, profile)),
            "last_seen_at": profile.last_seen_at,
            "has_short_key": profile.has_short_key,
        }
        for profile in store.profiles.all()
    ]
    return Output(tuple(str(row["profile"]) for row in rows), rows)


async def profile_delete(store: Store, args: Namespace) -> Output:
    gone = await store.trash.delete(args.name)
    went = {"profile": args.name, "frames": gone.frames, "bytes": gone.bytes, "keys": gone.keys}
    size = f"{gone.bytes / 1e6:.1f} MB of pictures"
    return Output((f"Deleted {args.name}: {gone.frames} frames, {size}, {gone.keys} API keys.",), went)


async def profile_new_key(store: Store, args: Namespace) -> Output:
    key = await store.profiles.new_key(args.name)
    return Output((key,), {"profile": args.name, "auth_key": key})


async def profile_prompt(store: Store, args: Namespace) -> Output:
    if args.default or args.text is not None:
        await store.profiles.set_prompt(args.name, "" if args.default else args.text)
        return DONE
    profile = store.profiles.get(args.name)
    prompt = profile.prompt or DEFAULT_PROMPT
    return Output((prompt,), {"profile": args.name, "prompt": prompt, "is_custom": bool(profile.prompt)})


async def profile_chain(store: Store, args: Namespace) -> Output:
    if args.default or args.providers:
        for name in args.providers:
            store.providers.get(name)
        await store.profiles.set_chain(args.name, None if args.default else tuple(args.providers))
        return DONE
    chain = _chain(store, store.profiles.get(args.name))
    return Output(chain, {"profile": args.name, "chain": list(chain)})


def _chain(store: Store, profile: Profile) -> tuple[str, ...]:
    return tuple(config.name for config in store.providers.all()) if profile.chain is None else profile.chain


# --- keys and providers ----------------------------------------------------------------------------------------


async def key_set(store: Store, args: Namespace) -> Output:
    username, provider = _target(store, args)
    prompt = f"API key for {provider}: "
    key = getpass.getpass(prompt) if sys.stdin.isatty() else _first_line(sys.stdin.readline())
    await store.secrets.set(username, provider, key)
    return DONE


async def key_list(store: Store, args: Namespace) -> Output:
    username = None if args.shared else store.profiles.get(args.target[0]).username
    await store.secrets.load()
    rows = [{"provider": key.provider, "where": key.where} for key in store.secrets.listed(username)]
    return Output(tuple(f"{row['provider']}  {row['where']}" for row in rows), rows)


async def key_remove(store: Store, args: Namespace) -> Output:
    username, provider = _target(store, args)
    await store.secrets.remove(username, provider)
    return DONE


def _target(store: Store, args: Namespace) -> tuple[str | None, str]:
    provider = store.providers.get(args.target[-1])
    if provider.name == ON_DEVICE:
        raise InvalidValue("The reader on this computer needs no key.")
    return (None if args.shared else store.profiles.get(args.target[0]).username), provider.name


async def provider_list(store: Store, _: Namespace) -> Output:
    rows = [
        {
            "provider": config.name,
            "vendor": config.vendor,
            "enabled": config.enabled,
            "base_url": config.base_url,
            "model": config.model,
            "rpm": config.requests_per_minute,
            "rpd": config.requests_per_day,
            **_state(store, config),
        }
        for config in store.providers.all()
    ]
    return Output(tuple(_provider_line(row) for row in rows), rows)


def _state(store: Store, config: ProviderConfig) -> dict[str, object]:
    """Whether it may be asked, and until when not, as far as that outlives a restart."""
    held = store.health.held_against(config, time.time()) if config.enabled else None
    if held is None:
        return {"state": "ready" if config.enabled else "off", "why": "", "until": None}
    return {"state": held.state, "why": held.why, "until": utc(held.until).replace(microsecond=0)}


def _provider_line(row: Mapping[str, Any]) -> str:
    state = f"{row['state']} until {row['until'].astimezone():%Y-%m-%d %H:%M} ({row['why']})" if row["until"] else ""
    parts = (row["provider"], "on" if row["enabled"] else "off", row["model"], state)
    return "  ".join(part for part in parts if part)


async def provider_set(store: Store, args: Namespace) -> Output:
    named = {
        "base_url": args.base_url,
        "model": args.model,
        "enabled": args.enabled,
        "requests_per_minute": args.rpm,
        "requests_per_day": args.rpd,
    }
    await store.providers.set(args.name, **{name: value for name, value in named.items() if value is not None})
    return DONE


async def provider_add(store: Store, args: Namespace) -> Output:
    await store.providers.add(ProviderConfig(args.name, "custom", args.base_url, args.model))
    return DONE


async def provider_remove(store: Store, args: Namespace) -> Output:
    await store.secrets.remove_provider(args.name)
    return DONE


async def provider_test(store: Store, args: Namespace) -> Output:
    config = store.providers.get(args.name)
    await store.providers.touch(args.name)
    await store.secrets.load()
    await store.prices.ready()
    client = Client()
    reader = OnDeviceReader() if args.name == ON_DEVICE else None
    try:
        found = await examine(
            build(config, client, reader), _any_key(store, args.name), images.number_card, price_of=store.prices.get
        )
    finally:
        await client.aclose()
        if reader is not None:
            await reader.close()
    if not found.ok:
        raise CommandFailed(found.sentence)
    data = {"provider": args.name, "ok": True, "models": list(found.models), "latency_ms": found.latency_ms}
    return Output((found.sentence,), data)


async def provider_find(_: Store, __: Namespace) -> Output:
    async with Client() as client:
        found = await local_models.find(client)
    rows = [{"program": one.label, "model": one.model, "base_url": one.base_url} for one in found]
    lines = tuple("  ".join(row.values()) for row in rows)
    return Output(lines or ("No program on this computer tells of a model that sees.",), rows)


def _any_key(store: Store, provider: str) -> str:
    """The household's key or the environment's, else the first profile's own."""
    keys = (store.secrets.key_for(owner, provider) for owner in (0, *(one.profile_id for one in store.profiles.all())))
    return next((key for key in keys if key), "")


# --- settings --------------------------------------------------------------------------------------------------


async def setting_list(store: Store, args: Namespace) -> Output:
    rows = [
        {"key": setting.key, "value": _value(store, setting.key, args.profile), "default": setting.default,
         "help": f"{setting.help} Separated by commas." if setting.part else setting.help}
        for setting in SETTINGS
        if setting.per_profile == bool(args.profile)
    ]  # fmt: skip
    return Output(tuple(f"{row['key']} = {_plain(row['value'])}" for row in rows), rows)


async def setting_get(store: Store, args: Namespace) -> Output:
    value = _value(store, args.key, args.profile)
    return Output((_plain(value),), {"key": args.key, "value": value})


async def setting_set(store: Store, args: Namespace) -> Output:
    value = declared(args.key).parse(args.value)
    _check_scope(args.key, args.profile)
    if args.profile:
        await store.profiles.set_value(args.profile, args.key, value)
    else:
        await store.set_setting(args.key, value)
    return DONE


def _value(store: Store, key: str, username: str | None) -> Value:
    _check_scope(key, username)
    return store.settings.value(key) if username is None else store.profiles.value(username, key)


def _check_scope(key: str, username: str | None) -> None:
    per_profile = declared(key).per_profile
    if per_profile and username is None:
        raise InvalidValue("{key} is set per profile: add --profile NAME.", key=key)
    if username is not None and not per_profile:
        raise InvalidValue("{key} is the same for all profiles: leave out --profile.", key=key)


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _first_line(text: str) -> str:
    return text.rstrip("\r\n")


VERBS: Mapping[str, Callable[[Store, Namespace], Awaitable[Output]]] = {
    verb.__name__: verb
    for verb in (
        profile_add, profile_list, profile_delete, profile_new_key, profile_prompt, profile_chain,
        pairing_list, pairing_add, pairing_revoke, app_key_add, app_key_list, app_key_revoke,
        blacklist_add, blacklist_remove, blacklist_list,
        key_set, key_list, key_remove, door_set_secret, door_remove_secret, door_test,
        provider_list, provider_set, provider_add, provider_remove, provider_test, provider_find,
        setting_list, setting_get, setting_set, report, feedback,
    )
}  # fmt: skip
