from ..types import OpenStrEnum


class IndexingState(OpenStrEnum):
    """The state of the edit that returned the indexing token. Only returned if a token is given."""

    APPLIED = "APPLIED"
    IN_PROGRESS = "IN_PROGRESS"
    REPLACED = "REPLACED"
