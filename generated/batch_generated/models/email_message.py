from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, Self, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

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
    from ..models.email_message_variant import EmailMessageVariant
    from ..models.reply_to import ReplyTo


@_attrs_define(kw_only=True)
class EmailMessage:
    """An email.

    Attributes:
        channel_type (Literal['email']): The channel of the message. Default: 'email'.
        subject (str | Unset): The subject of the email.
        sender_identity_id (str | Unset): The id of the sender identity: digits, as a string.
        reply_to (ReplyTo | Unset): Where replies are sent.
        html (str | Unset): The HTML of the email.
        languages (list[EmailMessageVariant] | Unset): The email in other languages.
    """

    channel_type: Literal["email"] = "email"
    subject: str | Unset = UNSET
    sender_identity_id: str | Unset = UNSET
    reply_to: ReplyTo | Unset = UNSET
    html: str | Unset = UNSET
    languages: list[EmailMessageVariant] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object; properties that are UNSET are left out."""
        result: dict[str, Any] = to_json(
            {
                **self.additional_properties,
                "channel_type": self.channel_type,
                "subject": self.subject,
                "sender_identity_id": self.sender_identity_id,
                "reply_to": self.reply_to,
                "html": self.html,
                "languages": self.languages,
            }
        )
        return result

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        from ..models.email_message_variant import EmailMessageVariant
        from ..models.reply_to import ReplyTo

        d = properties_of(src_dict, "EmailMessage")
        channel_type = cast(Literal["email"], take_required(d, "channel_type", "EmailMessage"))
        if channel_type != "email":
            raise ValueError(f"channel_type must match const 'email', got '{channel_type}'")

        subject = take_optional(d, "subject")

        sender_identity_id = take_optional(d, "sender_identity_id")

        _reply_to = take_optional(d, "reply_to")
        reply_to: ReplyTo | Unset
        if isinstance(_reply_to, Unset):
            reply_to = UNSET
        else:
            reply_to = ReplyTo.from_dict(_reply_to)

        html = take_optional(d, "html")

        _languages = take_optional(d, "languages")
        languages: list[EmailMessageVariant] | Unset = UNSET
        if not isinstance(_languages, Unset):
            languages = []
            for languages_item_data in items_of(_languages, "languages"):
                languages_item = EmailMessageVariant.from_dict(languages_item_data)

                languages.append(languages_item)

        return cls(
            channel_type=channel_type,
            subject=subject,
            sender_identity_id=sender_identity_id,
            reply_to=reply_to,
            html=html,
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
