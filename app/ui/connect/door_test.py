"""Calls this very server as a program would: over HTTP, by the address and the key that the program is given."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QUrl
from PySide6.QtNetwork import QNetworkAccessManager, QNetworkProxy, QNetworkReply, QNetworkRequest

LIMIT_MS = 10_000


async def status_of(url: str, key: str) -> int:
    """The HTTP status of ``GET url`` with ``key`` as Bearer; 0: nothing answers within ``LIMIT_MS``."""
    request = QNetworkRequest(QUrl(url))
    request.setTransferTimeout(LIMIT_MS)
    request.setRawHeader(b"Authorization", f"Bearer {key}".encode())
    network = QNetworkAccessManager()
    network.setProxy(QNetworkProxy(QNetworkProxy.ProxyType.NoProxy))  # this computer is reached without one
    reply = network.get(request)
    try:
        await _finished(reply)
        return int(reply.attribute(QNetworkRequest.Attribute.HttpStatusCodeAttribute) or 0)
    finally:
        reply.abort()
        network.deleteLater()


async def _finished(reply: QNetworkReply) -> None:
    done = asyncio.Event()
    reply.finished.connect(done.set)
    await done.wait()
