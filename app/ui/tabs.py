"""The tabs, in their order on the left: one line each, in the room where it stands."""

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

HOME: tuple[type[Tab], ...] = (
    LiveTab,
    ProfilesTab,
    PromptsTab,
    ProvidersTab,
    ActivityTab,
)
BEHIND_THE_SCENES: tuple[type[Tab], ...] = (
    LatencyTab,
    BlacklistTab,
    LogTab,
    SettingsTab,
)
TABS = HOME + BEHIND_THE_SCENES
