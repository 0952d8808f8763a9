from ..types import OpenStrEnum


class AudienceIdAction(OpenStrEnum):
    """What to do with the id."""

    ADD = "add"
    REMOVE = "remove"
