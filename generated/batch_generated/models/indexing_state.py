from ..types import OpenStrEnum


class IndexingState(OpenStrEnum):
    """IN_PROGRESS before the update is processed, APPLIED after, REPLACED if the content was replaced after the
    token was issued. Without a token: the state of the last update."""

    APPLIED = "APPLIED"
    IN_PROGRESS = "IN_PROGRESS"
    REPLACED = "REPLACED"
