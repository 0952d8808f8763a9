from ..values import OpenStrEnum


class CampaignState(OpenStrEnum):
    """State of the campaign to create. Draft campaigns are not sent until they are started (updated to RUNNING).
    Stopped campaigns are paused and can be resumed by updating them to RUNNING."""

    DRAFT = "DRAFT"
    RUNNING = "RUNNING"
    STOPPED = "STOPPED"
