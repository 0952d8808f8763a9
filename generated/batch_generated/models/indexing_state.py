from ..values import OpenStrEnum


class IndexingState(OpenStrEnum):
    """How far an update is processed. `IN_PROGRESS`: it is being processed. `APPLIED`: it is finished. `REPLACED`:
    the content was replaced since the indexing token was issued. Without a token, the state of the last update."""

    APPLIED = "APPLIED"
    IN_PROGRESS = "IN_PROGRESS"
    REPLACED = "REPLACED"
