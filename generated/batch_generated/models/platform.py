from ..types import OpenStrEnum


class Platform(OpenStrEnum):
    ANDROID = "android"
    IOS = "ios"
    WEB = "web"
