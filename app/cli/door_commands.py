"""The verbs ``door``: the secrets of what goes out of the house, and its tests."""

from __future__ import annotations

import getpass
import sys
from argparse import Namespace

from app.cli.output import DONE, Output
from app.outgoing import mqtt, webhook
from app.providers import Client
from app.store import Store


async def door_set_secret(store: Store, args: Namespace) -> Output:
    secret = getpass.getpass("Secret: ") if sys.stdin.isatty() else sys.stdin.readline()
    await store.door_secrets.set(args.door, secret)
    return DONE


async def door_remove_secret(store: Store, args: Namespace) -> Output:
    await store.door_secrets.remove(args.door)
    return DONE


async def door_test(store: Store, args: Namespace) -> Output:
    await store.secrets.load()
    if args.door == "mqtt":
        sentence = await mqtt.test(store)
    else:
        async with Client() as client:
            sentence = await webhook.test(client, store, args.name)
    return Output((sentence,), {"door": args.door, "ok": True})
