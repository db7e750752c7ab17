"""The campaigns that this process knows."""

from collections.abc import Mapping

from callwright_common.campaign import Campaign
from callwright_common.errors import NotFoundError


class CampaignCatalogue:
    """Campaigns by their ids."""

    def __init__(self, campaigns: Mapping[str, Campaign]) -> None:
        self._campaigns = campaigns

    def campaign(self, campaign_id: str) -> Campaign:
        """Returns a campaign.

        Raises:
            NotFoundError: with reason CAMPAIGN_NOT_FOUND.
        """
        campaign = self._campaigns.get(campaign_id)
        if campaign is None:
            raise NotFoundError("CAMPAIGN_NOT_FOUND", "there is no campaign of this id", campaign_id=campaign_id)
        return campaign
