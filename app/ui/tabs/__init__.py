"""The tabs, in their order on the left."""

from __future__ import annotations

from app.ui.tabs.live import LiveTab
from app.ui.tabs.profiles import ProfilesTab
from app.ui.tabs.providers import ProvidersTab
from app.ui.tabs.tab import Tab

TABS: tuple[type[Tab], ...] = (
    LiveTab,
    ProfilesTab,
    ProvidersTab,
)
