from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.marketing_consent import MarketingConsent
from ..types import (
    UNSET,
    Unset,
    items_of,
    properties_of,
    to_json,
)

if TYPE_CHECKING:
    from ..models.partial_array_update import PartialArrayUpdate


@_attrs_define(kw_only=True)
class ProfileAttributes:
    """Native attributes, whose names start with `$`, and custom attributes. Attributes that are left out keep their
    value. To delete an attribute, set it to null. Write the key of a date as `date(key)`, of a URL as `url(key)`.

    Attributes:
        email_address (None | str | Unset): The email address.
        email_marketing (MarketingConsent | None | Unset): The consent to marketing emails.
        phone_number (None | str | Unset): The phone number in E.164 format.
        sms_marketing (MarketingConsent | None | Unset): The consent to marketing SMS.
        language (None | str | Unset): The language: two letters (ISO 639-1).
        region (None | str | Unset): The country: two letters (ISO 3166-1).
        timezone (None | str | Unset): The name of the time zone in the IANA database.
        topic_preferences (list[str] | None | PartialArrayUpdate | Unset): The topics that the profile is
            interested in.
    """

    email_address: None | str | Unset = UNSET
    email_marketing: MarketingConsent | None | Unset = UNSET
    phone_number: None | str | Unset = UNSET
    sms_marketing: MarketingConsent | None | Unset = UNSET
    language: None | str | Unset = UNSET
    region: None | str | Unset = UNSET
    timezone: None | str | Unset = UNSET
    topic_preferences: list[str] | None | PartialArrayUpdate | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object; properties that are UNSET are left out."""
        result: dict[str, Any] = to_json(
            {
                **self.additional_properties,
                "$email_address": self.email_address,
                "$email_marketing": self.email_marketing,
                "$phone_number": self.phone_number,
                "$sms_marketing": self.sms_marketing,
                "$language": self.language,
                "$region": self.region,
                "$timezone": self.timezone,
                "$topic_preferences": self.topic_preferences,
            }
        )
        return result

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        from ..models.partial_array_update import PartialArrayUpdate

        d = properties_of(src_dict, "ProfileAttributes")
        email_address = cast(None | str | Unset, d.pop("$email_address", UNSET))

        def _parse_email_marketing(data: object) -> MarketingConsent | None | Unset:
            if data is None or isinstance(data, Unset):
                return cast(MarketingConsent | None | Unset, data)
            try:
                if not isinstance(data, str):
                    raise TypeError
                email_marketing_type_0 = MarketingConsent(data)
                return email_marketing_type_0
            except (TypeError, ValueError):
                pass
            return cast(MarketingConsent | None | Unset, data)

        email_marketing = _parse_email_marketing(d.pop("$email_marketing", UNSET))

        phone_number = cast(None | str | Unset, d.pop("$phone_number", UNSET))

        def _parse_sms_marketing(data: object) -> MarketingConsent | None | Unset:
            if data is None or isinstance(data, Unset):
                return cast(MarketingConsent | None | Unset, data)
            try:
                if not isinstance(data, str):
                    raise TypeError
                sms_marketing_type_0 = MarketingConsent(data)
                return sms_marketing_type_0
            except (TypeError, ValueError):
                pass
            return cast(MarketingConsent | None | Unset, data)

        sms_marketing = _parse_sms_marketing(d.pop("$sms_marketing", UNSET))

        language = cast(None | str | Unset, d.pop("$language", UNSET))

        region = cast(None | str | Unset, d.pop("$region", UNSET))

        timezone = cast(None | str | Unset, d.pop("$timezone", UNSET))

        def _parse_topic_preferences(data: object) -> list[str] | None | PartialArrayUpdate | Unset:
            if data is None or isinstance(data, Unset):
                return cast(list[str] | None | PartialArrayUpdate | Unset, data)
            try:
                if not isinstance(data, list):
                    raise TypeError
                _topic_preferences_type_0 = data
                topic_preferences_type_0 = items_of(_topic_preferences_type_0, "$topic_preferences_type_0")
                return topic_preferences_type_0
            except (TypeError, ValueError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError
                topic_preferences_type_1 = PartialArrayUpdate.from_dict(data)
                return topic_preferences_type_1
            except (TypeError, ValueError):
                pass
            return cast(list[str] | None | PartialArrayUpdate | Unset, data)

        topic_preferences = _parse_topic_preferences(d.pop("$topic_preferences", UNSET))

        return cls(
            email_address=email_address,
            email_marketing=email_marketing,
            phone_number=phone_number,
            sms_marketing=sms_marketing,
            language=language,
            region=region,
            timezone=timezone,
            topic_preferences=topic_preferences,
            additional_properties=d,
        )

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
