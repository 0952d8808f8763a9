from ..types import OpenStrEnum


class MarketingConsent(OpenStrEnum):
    SUBSCRIBED = "subscribed"
    UNSUBSCRIBED = "unsubscribed"
