"""The window: the only room with PySide6 and qasync. It hears of the server by events, and drives it by
``ServerControl``.
"""
