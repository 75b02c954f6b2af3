"""Frame Backend: a LAN server in a window that answers what a pair of smart glasses sees.

Imports nothing: `app.bootstrap` is read from here before a single package is installed.
"""

__version__ = "0.2.0"
