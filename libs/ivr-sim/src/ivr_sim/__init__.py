"""Simulated companies and user devices, spoken over real SIP or walked in virtual time."""
