"""Persistent subscriptions: named groups whose place in the log the node remembers, shared out among competing consumers."""
