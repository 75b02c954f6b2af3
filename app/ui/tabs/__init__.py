"""The tabs, in their order on the left."""

from __future__ import annotations

from app.ui.tabs.activity import ActivityTab
from app.ui.tabs.blacklist import BlacklistTab
from app.ui.tabs.latency import LatencyTab
from app.ui.tabs.live import LiveTab
from app.ui.tabs.log import LogTab
from app.ui.tabs.profiles import ProfilesTab
from app.ui.tabs.prompts import PromptsTab
from app.ui.tabs.providers import ProvidersTab
from app.ui.tabs.settings import SettingsTab
from app.ui.tabs.tab import Tab

TABS: tuple[type[Tab], ...] = (
    LiveTab,
    ProfilesTab,
    PromptsTab,
    ProvidersTab,
    LatencyTab,
    ActivityTab,
    BlacklistTab,
    LogTab,
    SettingsTab,
)
