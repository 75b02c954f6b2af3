"""The frame around the tabs: window, tray, notices, banners, and what happens at start and end."""
