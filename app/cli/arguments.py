"""The command line (a stable interface: it is how the program is scripted). Standard library only: wrong usage, help
and the version need no installed packages."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app import __version__


def parse(argv: list[str]) -> argparse.Namespace:
    """The arguments as a namespace; ``verb`` is empty for the server itself. Exits with 2 on wrong usage."""
    parser = _parser()
    args = parser.parse_args(argv)
    for name, default in _COMMON_DEFAULTS.items():
        if not hasattr(args, name):
            setattr(args, name, default)
    if args.frames is not None and not args.demo:
        parser.error("--frames goes with --demo")
    if args.verb in ("key_set", "key_remove") and len(args.target) != (1 if args.shared else 2):
        parser.error("name a profile and a provider, or --shared and a provider")
    if args.verb == "key_list" and len(args.target) != (0 if args.shared else 1):
        parser.error("name a profile, or --shared")
    if args.verb == "door_test" and (args.name is None) == (args.door == "webhook"):
        parser.error("a webhook's test names a profile" if args.door == "webhook" else "that test names no profile")
    if args.verb == "feedback" and (args.thumb is None) != (args.frame_id == "-" and args.correct is None):
        parser.error("name a frame and say up, down or clear, or give - alone and lines on standard input")
    return args


_COMMON_DEFAULTS: dict[str, Any] = {
    "data_dir": None,
    "host": None,
    "port": None,
    "log_level": "info",
    "json": False,
    "headless": False,
    "hidden": False,
    "demo": False,
    "frames": None,
    "verb": "",
}


def _parser() -> argparse.ArgumentParser:
    common = _common()
    parser = argparse.ArgumentParser(
        prog="frame-backend",
        parents=[common],
        description="Answers what smart glasses see. Without a verb: the window, with the server in it.",
        argument_default=argparse.SUPPRESS,
    )
    parser.add_argument("--version", action="version", version=f"frame-backend {__version__}")
    parser.add_argument("--headless", action="store_true", help="the same server without a window")
    parser.add_argument("--hidden", action="store_true", help="begin in the system's tray, as a start at login does")
    parser.add_argument("--demo", action="store_true", help="throw-away data and a simulated pair of glasses")
    parser.add_argument("--frames", type=_count, metavar="N", help="end the demo after N frames")
    nouns = parser.add_subparsers(metavar="VERB", title="verbs")
    for add in (
        _profile, _pairing, _app_key, _key, _door, _provider, _blacklist, _report, _feedback, _setting, _archives,
    ):  # fmt: skip
        add(nouns, common)
    return parser


def _common() -> argparse.ArgumentParser:
    """Options that may stand before or behind a verb."""
    common = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    common.add_argument("--data-dir", type=_folder, metavar="DIR", help="everything the program keeps lies under it")
    common.add_argument("--host", help="address to listen on")
    common.add_argument("--port", type=_port, help="port to listen on, 0 = any free one")
    common.add_argument("--log-level", choices=("debug", "info", "warning", "error"))
    common.add_argument("--json", action="store_true", help="a verb's output as JSON")
    return common


def _folder(text: str) -> Path:
    if not text:  # a variable that is not set; as a path it would be the working folder
        raise argparse.ArgumentTypeError("a folder has a name")
    return Path(text)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= 65_535):
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return int(text)


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise argparse.ArgumentTypeError("a number from 0 to 999999999")
    return int(text)


class _Noun:
    """One noun of the command line and its verbs."""

    def __init__(self, nouns: Any, common: argparse.ArgumentParser, name: str, help_text: str) -> None:
        self._common = common
        self._name = name
        noun = nouns.add_parser(name, help=help_text, parents=[common], argument_default=argparse.SUPPRESS)
        self._verbs = noun.add_subparsers(metavar="VERB", required=True)

    def verb(self, name: str, help_text: str, *positionals: str) -> argparse.ArgumentParser:
        parser: argparse.ArgumentParser = self._verbs.add_parser(name, help=help_text, parents=[self._common])
        parser.set_defaults(verb=f"{self._name}_{name}".replace("-", "_"))
        for positional in positionals:
            parser.add_argument(positional.lower(), metavar=positional)
        return parser


def _profile(nouns: Any, common: argparse.ArgumentParser) -> None:
    noun = _Noun(nouns, common, "profile", "who wears the glasses")
    add = noun.verb("add", "make a profile", "NAME")
    add.add_argument(
        "--auth-key",
        metavar="KEY",
        help="8 to 128 characters; '-' reads it from standard input; without it one is made",
    )
    noun.verb("list", "all profiles")
    noun.verb("delete", "delete a profile, its history and its keys", "NAME")
    noun.verb("new-key", "make a new auth key; revokes all pairings", "NAME")
    prompt = noun.verb("prompt", "show or set the prompt", "NAME")
    choice = prompt.add_mutually_exclusive_group()
    choice.add_argument("text", metavar="TEXT", nargs="?")
    choice.add_argument("--default", action="store_true", help="go back to the default prompt")
    chain = noun.verb("chain", "set who is asked, in order; exact", "NAME")
    chain.add_argument("providers", metavar="PROVIDER", nargs="*")
    chain.add_argument("--default", action="store_true", help="go back to the default chain")


def _pairing(nouns: Any, common: argparse.ArgumentParser) -> None:
    noun = _Noun(nouns, common, "pairing", "which devices act for which profile")
    noun.verb("list", "all pairings")
    noun.verb("add", "let a device act for a profile until revoked", "NAME", "IP")
    noun.verb("revoke", "end a pairing, or all of a profile", "NAME").add_argument("ip", metavar="IP", nargs="?")


def _app_key(nouns: Any, common: argparse.ArgumentParser) -> None:
    noun = _Noun(nouns, common, "app-key", "keys by which other programs act for a profile")
    noun.verb("add", "make a key for a program; it is shown once", "NAME", "APP")
    noun.verb("list", "which programs have one, never the keys")
    noun.verb("revoke", "take a program's key back", "NAME", "APP")


def _key(nouns: Any, common: argparse.ArgumentParser) -> None:
    noun = _Noun(nouns, common, "key", "API keys, kept in the system's keyring")
    for name, help_text in (
        ("set", "store a key, read from standard input"),
        ("list", "which keys there are, never the keys"),
        ("remove", "remove a key"),
    ):
        verb = noun.verb(name, help_text)
        verb.add_argument("target", metavar="NAME PROVIDER" if name != "list" else "NAME", nargs="*")
        verb.add_argument("--shared", action="store_true", help="the household's key, instead of NAME")


def _door(nouns: Any, common: argparse.ArgumentParser) -> None:
    noun = _Noun(nouns, common, "door", "what goes out of the house")
    for name, help_text in (
        ("set-secret", "store the webhook's key or the broker's password, read from standard input"),
        ("remove-secret", "remove it"),
    ):
        noun.verb(name, help_text).add_argument("door", choices=("webhook", "mqtt"))
    test = noun.verb("test", "send a test, and say what came of it")
    test.add_argument("door", choices=("webhook", "mqtt"))
    test.add_argument("name", metavar="NAME", nargs="?", help="whose webhook")


def _provider(nouns: Any, common: argparse.ArgumentParser) -> None:
    noun = _Noun(nouns, common, "provider", "the AI providers")
    noun.verb("list", "all providers, in order")
    change = noun.verb("set", "change a provider", "NAME")
    change.add_argument("--base-url", metavar="U")
    change.add_argument("--model", metavar="M")
    enabled = change.add_mutually_exclusive_group()
    enabled.add_argument("--enable", dest="enabled", action="store_true", default=None)
    enabled.add_argument("--disable", dest="enabled", action="store_false", default=None)
    change.add_argument("--rpm", type=_count, metavar="N", help="requests per minute, 0 = no limit")
    change.add_argument("--rpd", type=_count, metavar="N", help="requests per day, 0 = no limit")
    add = noun.verb("add", "add an OpenAI-compatible server", "NAME")
    add.add_argument("--base-url", metavar="U", required=True)
    add.add_argument("--model", metavar="M", required=True)
    noun.verb("remove", "remove a server that was added", "NAME")
    noun.verb("test", "list its models and show it a picture", "NAME")
    noun.verb("find", "models that see in the programs of this computer: Ollama, LM Studio, llama.cpp")


def _blacklist(nouns: Any, common: argparse.ArgumentParser) -> None:
    noun = _Noun(nouns, common, "blacklist", "addresses that are refused")
    noun.verb("add", "refuse an address or range", "IP_OR_CIDR").add_argument("--reason", metavar="R", default="")
    noun.verb("remove", "let it in again", "IP_OR_CIDR")
    noun.verb("list", "all entries")


def _report(nouns: Any, common: argparse.ArgumentParser) -> None:
    report = nouns.add_parser("report", help="a profile's history", parents=[common])
    report.set_defaults(verb="report")
    report.add_argument("name", metavar="NAME")
    report.add_argument("--format", choices=("text", "json", "csv", "html"), default="text")
    report.add_argument("--limit", type=_count, metavar="N", default=100, help="newest N frames, 0 = all")


def _feedback(nouns: Any, common: argparse.ArgumentParser) -> None:
    feedback = nouns.add_parser("feedback", help="say whether a frame's answer was right", parents=[common])
    feedback.set_defaults(verb="feedback")
    feedback.add_argument(
        "frame_id",
        metavar="FRAME_ID",
        help="as the report names it; '-' reads many from standard input, one a line: FRAME_ID up|down|clear [TEXT], "
        'or {"frame_id": ..., "thumb": ..., "correct": ...}',
    )
    feedback.add_argument(
        "thumb",
        metavar="up|down|clear",
        nargs="?",
        choices=("up", "down", "clear"),
        help="right, wrong, or take back what was said",
    )
    feedback.add_argument("--correct", metavar="TEXT", help="what the answer should have been")


def _setting(nouns: Any, common: argparse.ArgumentParser) -> None:
    noun = _Noun(nouns, common, "setting", "what can be set")
    verbs = (noun.verb("list", "all settings"), noun.verb("get", "one value", "KEY"))
    for verb in (*verbs, noun.verb("set", "change a value", "KEY", "VALUE")):
        verb.add_argument("--profile", metavar="NAME", help="for what is per profile")


def _archives(nouns: Any, common: argparse.ArgumentParser) -> None:
    def archive(name: str, what: str, help_text: str) -> argparse.ArgumentParser:
        verb: argparse.ArgumentParser = nouns.add_parser(name, help=help_text, parents=[common])
        verb.set_defaults(verb=name)
        verb.add_argument(what.lower(), metavar=what)
        return verb

    archive("import", "DIR", "take over the predecessor's ai_server.db and stored_images")
    archive("backup", "FILE", "write all data but the keys into one file")
    archive("restore", "FILE", "put a backup, or a daily copy from backups/, in the place of all data").add_argument(
        "--with-network",
        action="store_true",
        help="take over its network settings and its providers' addresses too; without it they stay as they are here",
    )
