from ..types import OpenStrEnum


class AudienceType(OpenStrEnum):
    CUSTOM_ID = "CUSTOM_ID"
