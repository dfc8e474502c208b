"""The flow API: keeps every version of every call flow as events, and starts and shows calls."""
