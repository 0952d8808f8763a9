from ..types import OpenStrEnum


class ProfileUpdateCode(OpenStrEnum):
    """Whether every part was taken in."""

    SUCCESS = "SUCCESS"
    SUCCESS_WITH_PARTIAL_ERRORS = "SUCCESS_WITH_PARTIAL_ERRORS"
