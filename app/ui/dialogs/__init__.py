"""Windows over the window: opened with ``open()`` and heard by signals; ``exec()`` would nest event loops."""
