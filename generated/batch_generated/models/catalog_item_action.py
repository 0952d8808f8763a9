from ..types import OpenStrEnum


class CatalogItemAction(OpenStrEnum):
    """Whether the item is added or removed."""

    ADD = "add"
    REMOVE = "remove"
