from ..types import OpenStrEnum


class OrchestrationChannel(OpenStrEnum):
    EMAIL = "email"
    IN_APP = "in-app"
    PUSH = "push"
    SMS = "sms"
    UNIVERSAL = "universal"
