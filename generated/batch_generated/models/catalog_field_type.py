from ..values import OpenStrEnum


class CatalogFieldType(OpenStrEnum):
    """Enumerates the possible data types allowed for catalog fields."""

    ARRAY = "array"
    BOOL = "bool"
    DATE = "date"
    FLOAT = "float"
    INTEGER = "integer"
    STRING = "string"
    URL = "url"
