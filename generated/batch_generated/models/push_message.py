from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, Self, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.platform import Platform
from ..reading import items_of, members_by_value, properties_of, required_value
from ..values import UNSET, Unset
from ..writing import Model

if TYPE_CHECKING:
    from ..models.push_message_variant import PushMessageVariant


_PLATFORM = members_by_value(Platform)

_PROPERTIES = frozenset(
    {
        "channel_type",
        "platform_type",
        "title",
        "body",
        "deeplink",
        "languages",
    }
)


@_attrs_define(kw_only=True)
class PushMessage(Model):
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

    def _members(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            **self.additional_properties,
            "channel_type": self.channel_type,
        }
        if self.platform_type is not UNSET:
            members["platform_type"] = self.platform_type
        else:
            members.pop("platform_type", None)
        if self.title is not UNSET:
            members["title"] = self.title
        else:
            members.pop("title", None)
        if self.body is not UNSET:
            members["body"] = self.body
        else:
            members.pop("body", None)
        if self.deeplink is not UNSET:
            members["deeplink"] = self.deeplink
        else:
            members.pop("deeplink", None)
        if self.languages is not UNSET:
            members["languages"] = self.languages
        else:
            members.pop("languages", None)
        return members

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        from ..models.push_message_variant import PushMessageVariant

        d = src_dict if type(src_dict) is dict else properties_of(src_dict, "PushMessage")
        others = len(d) - 6
        channel_type = d.get("channel_type")
        if channel_type is None:
            channel_type = required_value(d, "channel_type", "PushMessage")
        channel_type = cast("Literal['push']", channel_type)
        if channel_type != "push":
            raise ValueError(f"channel_type must match const 'push', got '{channel_type}'")
        platform_type = d.get("platform_type")
        if platform_type is None or platform_type is UNSET:
            platform_type = UNSET
            others += "platform_type" not in d
        else:
            platform_type = items_of(platform_type, "platform_type")
            try:
                platform_type = [_PLATFORM[item] for item in platform_type]
            except (KeyError, TypeError):
                platform_type = [Platform(item) for item in platform_type]
        title = d.get("title")
        if title is None:
            title = UNSET
            others += "title" not in d
        body = d.get("body")
        if body is None:
            body = UNSET
            others += "body" not in d
        deeplink = d.get("deeplink")
        if deeplink is None:
            deeplink = UNSET
            others += "deeplink" not in d
        languages = d.get("languages")
        if languages is None or languages is UNSET:
            languages = UNSET
            others += "languages" not in d
        else:
            languages = [PushMessageVariant.from_dict(item) for item in items_of(languages, "languages")]
        additional_properties = {key: d[key] for key in d if key not in _PROPERTIES} if others else {}
        self = cls.__new__(cls)
        self.__init__(  # type: ignore[misc] # what calling the class does, without packing the arguments twice
            channel_type=channel_type,
            platform_type=platform_type,
            title=title,
            body=body,
            deeplink=deeplink,
            languages=languages,
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
