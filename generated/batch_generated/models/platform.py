from ..values import OpenStrEnum


class Platform(OpenStrEnum):
    """Platform of a device."""

    ANDROID = "android"
    IOS = "ios"
    WEB = "web"
