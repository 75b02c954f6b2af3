"""What every part of the window stands on: texts, formats, icons, tasks. Knows no feature."""
