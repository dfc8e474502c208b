"""The commands of ``python -m flow_api``."""
