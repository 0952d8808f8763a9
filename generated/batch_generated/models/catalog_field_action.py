from ..types import OpenStrEnum


class CatalogFieldAction(OpenStrEnum):
    """Whether the field is added or removed."""

    ADD = "add"
    REMOVE = "remove"
