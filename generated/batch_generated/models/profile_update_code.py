from ..values import OpenStrEnum


class ProfileUpdateCode(OpenStrEnum):
    """Whether every part of the call was accepted."""

    SUCCESS = "SUCCESS"
    SUCCESS_WITH_PARTIAL_ERRORS = "SUCCESS_WITH_PARTIAL_ERRORS"
