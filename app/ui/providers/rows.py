"""What the providers tab says of each provider: a row of its table, its day, and where its keys lie."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.core.provider import ON_DEVICE, ProviderConfig
from app.ui.provider_status import ProviderStatus
from app.ui.services import Services
from app.ui.support import formatting as fmt
from app.ui.widgets.table import Cell


class ProviderRows(QObject):
    """Reads the store's memory alone: asked for every second."""

    def __init__(self, services: Services, lights: ProviderStatus, parent: QObject) -> None:
        super().__init__(parent)
        self._services, self._lights = services, lights

    def row(self, config: ProviderConfig) -> tuple[Cell, ...]:
        light, tone = self._lights.words(config)
        calls = self._services.providers.calls_today(config.name)
        spent = self._services.spending.provider_today_usd(config.name)
        return (
            Cell(self._services.provider_label(config.name), checked=config.enabled),
            Cell(light, tone),
            Cell(config.model or fmt.DASH),
            Cell(self._places(config.name) or fmt.DASH),
            Cell(fmt.count(calls), told=self._calls(config), number=True, sort=calls),
            Cell(fmt.usd(spent), told=self.today(config), number=True, sort=spent),
        )

    def today(self, config: ProviderConfig) -> str:
        """Calls and cost of today, in one sentence."""
        if config.name == ON_DEVICE or self._services.providers.standing(config.name).is_free:
            return self.tr("{calls}. It costs nothing.").format(calls=self._calls(config))
        spent = fmt.usd(self._services.spending.provider_today_usd(config.name))
        if not config.daily_cap_usd:
            return self.tr("{calls}. Spent: {spent}.").format(calls=self._calls(config), spent=spent)
        return self.tr("{calls}. Spent: {spent} of {cap}.").format(
            calls=self._calls(config), spent=spent, cap=fmt.usd(config.daily_cap_usd)
        )

    def kept(self, provider: str, username: str | None) -> str:
        """Where the key lies that the chosen owner's frames are sent with. Never the key."""
        where = next(
            (key.where for key in self._services.store.secrets.listed(username) if key.provider == provider), None
        )
        if where is None:
            places = self._places(provider)
            if places:
                return self.tr("No key here. Elsewhere: {places}.").format(places=places)
            needs_key = self._services.providers.standing(provider).needs_key  # that it has none, its state says
            return self.tr("Without a key it is not asked.") if needs_key else self.tr("No key.")
        return {
            "keyring": self.tr("The key lies in this computer's keyring."),
            "shared": self.tr("The key for everybody is used."),
            "session": self.tr("The key is kept for this session only: it is forgotten when the program ends."),
            "environment": self.tr("The key comes from an environment variable; it is changed there."),
        }[where]

    def _calls(self, config: ProviderConfig) -> str:
        """Calls today, and what is left of the day's, where that is known."""
        calls = self._services.providers.calls_today(config.name)
        left = self._services.providers.standing(config.name).quota_left
        if left is None:
            return self.tr("Calls today: {calls}").format(calls=fmt.count(calls))
        return self.tr("Calls today: {calls}, left: {left}").format(calls=fmt.count(calls), left=fmt.count(left))

    def _places(self, provider: str) -> str:
        """Where keys for it lie, and whose they are."""
        secrets = self._services.store.secrets
        said = [self._place(key.where) for key in secrets.listed(None) if key.provider == provider]
        for profile in self._services.store.profiles.all():
            said += [
                self.tr("{name}: {place}").format(name=profile.username, place=self._place(key.where))
                for key in secrets.listed(profile.username)
                if key.provider == provider and key.where in ("keyring", "session")
            ]
        return ", ".join(said)

    def _place(self, where: str) -> str:
        return {
            "keyring": self.tr("keyring"),
            "shared": self.tr("keyring"),
            "session": self.tr("until the program ends"),
            "environment": self.tr("environment variable"),
        }.get(where, where)
