from ..types import OpenStrEnum


class PushCampaignType(OpenStrEnum):
    """Type of orchestration."""

    CAMPAIGN = "campaign"
