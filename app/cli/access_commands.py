"""The verbs ``pairing``, ``app-key`` and ``blacklist``: who may come in, and who may not."""

from __future__ import annotations

from argparse import Namespace

from app.cli.output import DONE, Output
from app.core.errors import UnknownName
from app.store import Store


async def pairing_list(store: Store, _: Namespace) -> Output:
    rows = [
        {"profile": one.username, "ip": one.ip, "paired_at": one.paired_at, "expires_at": one.expires_at}
        for one in store.pairings.all()
    ]
    lines = (f"{row['profile']}  {row['ip']}  until {row['expires_at'] or 'revoked'}" for row in rows)
    return Output(tuple(lines), rows)


async def pairing_add(store: Store, args: Namespace) -> Output:
    await store.pairings.pair(args.ip, args.name, until_revoked=True, by_auth=False)
    return DONE


async def pairing_revoke(store: Store, args: Namespace) -> Output:
    revoked = await store.pairings.revoke(args.name, args.ip)
    if args.ip and not revoked:
        raise UnknownName("{ip} is not paired with {name}.", ip=args.ip, name=args.name)
    return Output((f"Revoked {revoked}.",), {"revoked": revoked})


async def app_key_add(store: Store, args: Namespace) -> Output:
    key = await store.app_keys.add(args.name, args.app)
    return Output((key,), {"profile": args.name, "app": args.app, "key": key})


async def app_key_list(store: Store, _: Namespace) -> Output:
    rows = [
        {"profile": one.username, "app": one.app, "created_at": one.created_at, "last_used_at": one.last_used_at}
        for one in store.app_keys.all()
    ]
    lines = (f"{row['profile']}  {row['app']}  last used {row['last_used_at'] or 'never'}" for row in rows)
    return Output(tuple(lines), rows)


async def app_key_revoke(store: Store, args: Namespace) -> Output:
    await store.app_keys.revoke(args.name, args.app)
    return DONE


async def blacklist_add(store: Store, args: Namespace) -> Output:
    await store.blacklist.add(args.ip_or_cidr, args.reason)
    return DONE


async def blacklist_remove(store: Store, args: Namespace) -> Output:
    await store.blacklist.remove(args.ip_or_cidr)
    return DONE


async def blacklist_list(store: Store, _: Namespace) -> Output:
    rows = [
        {"address": entry.address, "reason": entry.reason, "since": entry.created_at, "automatic": entry.automatic}
        for entry in store.blacklist.all()
    ]
    return Output(tuple(f"{row['address']}  {row['reason']}".rstrip() for row in rows), rows)
