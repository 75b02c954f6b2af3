"""The history of frames as its owner reads it: figures, the list, filters, exports."""
