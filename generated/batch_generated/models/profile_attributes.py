from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.marketing_consent import MarketingConsent
from ..reading import items_of, members_by_value, properties_of
from ..values import UNSET, Unset
from ..writing import Model

if TYPE_CHECKING:
    from ..models.partial_array_update import PartialArrayUpdate


_MARKETING_CONSENT = members_by_value(MarketingConsent)

_PROPERTIES = frozenset(
    {
        "$email_address",
        "$email_marketing",
        "$phone_number",
        "$sms_marketing",
        "$language",
        "$region",
        "$timezone",
        "$topic_preferences",
    }
)


@_attrs_define(kw_only=True)
class ProfileAttributes(Model):
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

    def _members(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            **self.additional_properties,
        }
        if self.email_address is not UNSET:
            members["$email_address"] = self.email_address
        else:
            members.pop("$email_address", None)
        if self.email_marketing is not UNSET:
            members["$email_marketing"] = self.email_marketing
        else:
            members.pop("$email_marketing", None)
        if self.phone_number is not UNSET:
            members["$phone_number"] = self.phone_number
        else:
            members.pop("$phone_number", None)
        if self.sms_marketing is not UNSET:
            members["$sms_marketing"] = self.sms_marketing
        else:
            members.pop("$sms_marketing", None)
        if self.language is not UNSET:
            members["$language"] = self.language
        else:
            members.pop("$language", None)
        if self.region is not UNSET:
            members["$region"] = self.region
        else:
            members.pop("$region", None)
        if self.timezone is not UNSET:
            members["$timezone"] = self.timezone
        else:
            members.pop("$timezone", None)
        if self.topic_preferences is not UNSET:
            members["$topic_preferences"] = self.topic_preferences
        else:
            members.pop("$topic_preferences", None)
        return members

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        from ..models.partial_array_update import PartialArrayUpdate

        d = src_dict if type(src_dict) is dict else properties_of(src_dict, "ProfileAttributes")
        others = len(d) - 8
        email_address = d.get("$email_address", UNSET)
        if email_address is UNSET:
            others += "$email_address" not in d
        email_marketing = d.get("$email_marketing", UNSET)
        if email_marketing is UNSET:
            others += "$email_marketing" not in d
        elif email_marketing is not None:

            def _parse_email_marketing(data: object) -> MarketingConsent | None | Unset:
                if data is None or isinstance(data, Unset):
                    return cast("MarketingConsent | None | Unset", data)
                try:
                    if not isinstance(data, str):
                        raise TypeError
                    email_marketing_type_0 = data
                    try:
                        email_marketing_type_0 = _MARKETING_CONSENT[email_marketing_type_0]
                    except (KeyError, TypeError):
                        email_marketing_type_0 = MarketingConsent(email_marketing_type_0)
                    return email_marketing_type_0
                except (TypeError, ValueError):
                    pass
                return cast("MarketingConsent | None | Unset", data)

            email_marketing = _parse_email_marketing(email_marketing)
        phone_number = d.get("$phone_number", UNSET)
        if phone_number is UNSET:
            others += "$phone_number" not in d
        sms_marketing = d.get("$sms_marketing", UNSET)
        if sms_marketing is UNSET:
            others += "$sms_marketing" not in d
        elif sms_marketing is not None:

            def _parse_sms_marketing(data: object) -> MarketingConsent | None | Unset:
                if data is None or isinstance(data, Unset):
                    return cast("MarketingConsent | None | Unset", data)
                try:
                    if not isinstance(data, str):
                        raise TypeError
                    sms_marketing_type_0 = data
                    try:
                        sms_marketing_type_0 = _MARKETING_CONSENT[sms_marketing_type_0]
                    except (KeyError, TypeError):
                        sms_marketing_type_0 = MarketingConsent(sms_marketing_type_0)
                    return sms_marketing_type_0
                except (TypeError, ValueError):
                    pass
                return cast("MarketingConsent | None | Unset", data)

            sms_marketing = _parse_sms_marketing(sms_marketing)
        language = d.get("$language", UNSET)
        if language is UNSET:
            others += "$language" not in d
        region = d.get("$region", UNSET)
        if region is UNSET:
            others += "$region" not in d
        timezone = d.get("$timezone", UNSET)
        if timezone is UNSET:
            others += "$timezone" not in d
        topic_preferences = d.get("$topic_preferences", UNSET)
        if topic_preferences is UNSET:
            others += "$topic_preferences" not in d
        elif topic_preferences is not None:

            def _parse_topic_preferences(data: object) -> list[str] | None | PartialArrayUpdate | Unset:
                if data is None or isinstance(data, Unset):
                    return cast("list[str] | None | PartialArrayUpdate | Unset", data)
                try:
                    if not isinstance(data, list):
                        raise TypeError
                    topic_preferences_type_0 = items_of(data, "$topic_preferences_type_0")
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
                return cast("list[str] | None | PartialArrayUpdate | Unset", data)

            topic_preferences = _parse_topic_preferences(topic_preferences)
        additional_properties = {key: d[key] for key in d if key not in _PROPERTIES} if others else {}
        self = cls.__new__(cls)
        self.__init__(  # type: ignore[misc] # what calling the class does, without packing the arguments twice
            email_address=email_address,
            email_marketing=email_marketing,
            phone_number=phone_number,
            sms_marketing=sms_marketing,
            language=language,
            region=region,
            timezone=timezone,
            topic_preferences=topic_preferences,
            additional_properties=additional_properties,
        )
        return self

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
