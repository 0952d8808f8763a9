from ..values import OpenStrEnum


class CatalogItemAction(OpenStrEnum):
    """What to do with the item."""

    ADD = "add"
    REMOVE = "remove"
