"""The REST service that keeps every version of every call flow as events."""
