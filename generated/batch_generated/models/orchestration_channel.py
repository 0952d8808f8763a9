from ..values import OpenStrEnum


class OrchestrationChannel(OpenStrEnum):
    """Channel through which an orchestration sends."""

    EMAIL = "email"
    IN_APP = "in-app"
    PUSH = "push"
    SMS = "sms"
    UNIVERSAL = "universal"
