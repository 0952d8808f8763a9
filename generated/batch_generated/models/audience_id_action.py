from ..values import OpenStrEnum


class AudienceIdAction(OpenStrEnum):
    """What to do with the id. Attributes are only allowed with `add`."""

    ADD = "add"
    REMOVE = "remove"
