"""Switches that may be changed while the gateway runs; a call keeps those it began with."""

from dataclasses import dataclass


@dataclass(slots=True)
class FeatureFlags:
    """The switches of this process."""

    enable_agent_integration: bool
    enable_tier_escalation: bool
