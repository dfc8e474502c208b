"""What a learned flow is called. One number and one intent are one flow."""

from __future__ import annotations

from flow_api.domain.slug import slug


def learned_id(phone_number: str, company: str | None, intent: str | None) -> str:
    """``chase_bank_dispute_a_charge``; without a company, the number takes its place."""
    return slug(" ".join(part for part in (company or phone_number, intent) if part))


def learned_name(phone_number: str, company: str | None, intent: str | None) -> str:
    """``Chase Bank — Dispute a charge``."""
    parts = [company or phone_number, f"{intent[:1].upper()}{intent[1:]}" if intent else ""]
    return " — ".join(part for part in parts if part)[:200] or "Learned flow"


def learned_description(intent: str | None) -> str | None:
    return f"Navigate to: {intent}" if intent else None
