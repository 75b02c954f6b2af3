"""What goes over the wire: uploads and bodies read, replies and errors written, and the description of both."""
