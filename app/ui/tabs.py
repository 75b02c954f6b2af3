"""The tabs, in their order on the left."""

from __future__ import annotations

from app.ui.activity.tab import ActivityTab
from app.ui.blacklist.tab import BlacklistTab
from app.ui.latency.tab import LatencyTab
from app.ui.live.tab import LiveTab
from app.ui.log.tab import LogTab
from app.ui.profiles.tab import ProfilesTab
from app.ui.prompts.tab import PromptsTab
from app.ui.providers.tab import ProvidersTab
from app.ui.settings.tab import SettingsTab
from app.ui.tab import Tab

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
