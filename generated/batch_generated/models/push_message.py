from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, Self, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.platform import Platform
from ..types import (
    UNSET,
    Unset,
    items_of,
    properties_of,
    take_optional,
    take_required,
    to_json,
)

if TYPE_CHECKING:
    from ..models.push_message_variant import PushMessageVariant


@_attrs_define(kw_only=True)
class PushMessage:
    """A push notification. It also takes members that are not documented here, such as one per platform.

    Attributes:
        channel_type (Literal['push']): The channel of the message. Default: 'push'.
        platform_type (list[Platform] | Unset): The platforms to send to.
        title (str | Unset): The title of the notification.
        body (str | Unset): The text of the notification.
        deeplink (str | Unset): The link that the notification opens.
        languages (list[PushMessageVariant] | Unset): The notification in other languages.
    """

    channel_type: Literal["push"] = "push"
    platform_type: list[Platform] | Unset = UNSET
    title: str | Unset = UNSET
    body: str | Unset = UNSET
    deeplink: str | Unset = UNSET
    languages: list[PushMessageVariant] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object; properties that are UNSET are left out."""
        result: dict[str, Any] = to_json(
            {
                **self.additional_properties,
                "channel_type": self.channel_type,
                "platform_type": self.platform_type,
                "title": self.title,
                "body": self.body,
                "deeplink": self.deeplink,
                "languages": self.languages,
            }
        )
        return result

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        from ..models.push_message_variant import PushMessageVariant

        d = properties_of(src_dict, "PushMessage")
        channel_type = cast(Literal["push"], take_required(d, "channel_type", "PushMessage"))
        if channel_type != "push":
            raise ValueError(f"channel_type must match const 'push', got '{channel_type}'")

        _platform_type = take_optional(d, "platform_type")
        platform_type: list[Platform] | Unset = UNSET
        if not isinstance(_platform_type, Unset):
            platform_type = []
            for platform_type_item_data in items_of(_platform_type, "platform_type"):
                platform_type_item = Platform(platform_type_item_data)

                platform_type.append(platform_type_item)

        title = take_optional(d, "title")

        body = take_optional(d, "body")

        deeplink = take_optional(d, "deeplink")

        _languages = take_optional(d, "languages")
        languages: list[PushMessageVariant] | Unset = UNSET
        if not isinstance(_languages, Unset):
            languages = []
            for languages_item_data in items_of(_languages, "languages"):
                languages_item = PushMessageVariant.from_dict(languages_item_data)

                languages.append(languages_item)

        return cls(
            channel_type=channel_type,
            platform_type=platform_type,
            title=title,
            body=body,
            deeplink=deeplink,
            languages=languages,
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
