"""The limits that scopes start with."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from callwright_common.campaign.model import SpeechBudget
from escalation_budget.ledger.scopes import Scope, ScopeKind


@dataclass(frozen=True, slots=True)
class StartingLimits:
    """What a scope's limit is until somebody sets it, in micros; campaigns may have limits of their own."""

    call: int
    campaign_day: int
    global_day: int
    campaigns: Mapping[str, SpeechBudget] = field(default_factory=dict)

    def of(self, scope: Scope, campaign_id: str) -> int:
        """Returns the limit with which a scope of a campaign's call starts."""
        campaign = self.campaigns.get(campaign_id)
        match scope.kind:
            case ScopeKind.CALL:
                return campaign.per_call if campaign else self.call
            case ScopeKind.CAMPAIGN_DAY:
                return campaign.per_day if campaign else self.campaign_day
            case ScopeKind.GLOBAL_DAY:
                return self.global_day
