"""``python3 -m app``: the window, the headless server, the demo or one verb."""

import sys

from app import arguments, bootstrap, frozen


def main() -> int:
    frozen.begin()
    args = arguments.parse(sys.argv[1:])
    bootstrap.ensure()
    from app import start

    return start.start(args)


if __name__ == "__main__":
    sys.exit(main())
