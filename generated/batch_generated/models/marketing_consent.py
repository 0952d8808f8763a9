from ..values import OpenStrEnum


class MarketingConsent(OpenStrEnum):
    """Consent to marketing messages on one channel."""

    SUBSCRIBED = "subscribed"
    UNSUBSCRIBED = "unsubscribed"
