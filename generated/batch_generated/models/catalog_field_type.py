from ..types import OpenStrEnum


class CatalogFieldType(OpenStrEnum):
    """Type of a field's values."""

    ARRAY = "array"
    BOOL = "bool"
    DATE = "date"
    FLOAT = "float"
    INTEGER = "integer"
    STRING = "string"
    URL = "url"
