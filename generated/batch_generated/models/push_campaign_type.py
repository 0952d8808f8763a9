from ..types import OpenStrEnum


class PushCampaignType(OpenStrEnum):
    """Kind of orchestration."""

    CAMPAIGN = "campaign"
