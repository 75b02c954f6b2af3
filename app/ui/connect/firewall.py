"""The exact line that opens this system's firewall to the local network, and no further."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass

_TOOLS = ("ufw", "firewall-cmd")
_ADMIN_FOLDERS = ("/usr/sbin", "/sbin", "/usr/local/sbin")
"""Where they lie, and no PATH of a plain user leads."""


@dataclass(frozen=True, slots=True)
class FirewallLine:
    """``tool`` is how the firewall is called; ``line`` is to be copied as it is."""

    tool: str
    line: str


def firewall_lines(port: int, network: str) -> tuple[FirewallLine, ...]:
    """One line for each firewall found here; none where there is no line to copy. Looks for files: not on the loop."""
    lines: tuple[FirewallLine, ...] = ()
    if sys.platform == "win32":
        lines = (windows(port, network),)
    elif sys.platform == "linux":
        path = os.pathsep.join((os.environ.get("PATH", ""), *_ADMIN_FOLDERS))
        found = [tool for tool in _TOOLS if shutil.which(tool, path=path)]
        lines = tuple({"ufw": ufw, "firewall-cmd": firewalld}[tool](port, network) for tool in found)
    return lines


def ufw(port: int, network: str) -> FirewallLine:
    if not network:
        return FirewallLine("ufw", f"sudo ufw allow {port}/tcp")
    return FirewallLine("ufw", f"sudo ufw allow from {network} to any port {port} proto tcp")


def firewalld(port: int, network: str) -> FirewallLine:
    if not network:
        rule = f"--add-port={port}/tcp"
    else:
        family = "ipv6" if ":" in network else "ipv4"
        rule = (
            f'--add-rich-rule=\'rule family="{family}" source address="{network}" '
            f'port port="{port}" protocol="tcp" accept\''
        )
    return FirewallLine("firewalld", f"sudo firewall-cmd --permanent {rule} && sudo firewall-cmd --reload")


def windows(port: int, network: str) -> FirewallLine:
    line = (
        'New-NetFirewallRule -DisplayName "Frame Backend" -Direction Inbound -Action Allow -Protocol TCP '
        f"-LocalPort {port} -RemoteAddress {network or 'LocalSubnet'} -Profile Private"
    )
    return FirewallLine("PowerShell", line)
