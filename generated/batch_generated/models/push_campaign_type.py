from ..values import OpenStrEnum


class PushCampaignType(OpenStrEnum):
    """Type of orchestration."""

    CAMPAIGN = "campaign"
