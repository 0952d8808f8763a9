from ..values import OpenStrEnum


class CatalogFieldAction(OpenStrEnum):
    """Action to perform on a catalog field during updates."""

    ADD = "add"
    REMOVE = "remove"
