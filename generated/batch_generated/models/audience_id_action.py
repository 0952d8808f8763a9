from ..types import OpenStrEnum


class AudienceIdAction(OpenStrEnum):
    """Whether the id joins or leaves the audience."""

    ADD = "add"
    REMOVE = "remove"
