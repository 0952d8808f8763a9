from ..values import OpenStrEnum


class AudienceType(OpenStrEnum):
    """Kind of identifier that an audience holds. What create calls custom_ids is CUSTOM_ID here."""

    CUSTOM_ID = "CUSTOM_ID"
