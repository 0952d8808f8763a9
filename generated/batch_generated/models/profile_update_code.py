from ..types import OpenStrEnum


class ProfileUpdateCode(OpenStrEnum):
    SUCCESS = "SUCCESS"
    SUCCESS_WITH_PARTIAL_ERRORS = "SUCCESS_WITH_PARTIAL_ERRORS"
