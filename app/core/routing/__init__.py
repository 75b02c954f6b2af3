"""A frame's way from its arrival to its answer: gate, cascade, judge, and which provider may be asked."""
