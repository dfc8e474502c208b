"""REST: decode, call a command or a read, encode."""
