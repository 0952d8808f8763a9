from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, Self, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..reading import items_of, properties_of, required_value
from ..values import UNSET, Unset
from ..writing import Model

if TYPE_CHECKING:
    from ..models.email_message_variant import EmailMessageVariant
    from ..models.reply_to import ReplyTo


_PROPERTIES = frozenset(
    {
        "channel_type",
        "subject",
        "sender_identity_id",
        "reply_to",
        "html",
        "languages",
    }
)


@_attrs_define(kw_only=True)
class EmailMessage(Model):
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

    def _members(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            **self.additional_properties,
            "channel_type": self.channel_type,
        }
        if self.subject is not UNSET:
            members["subject"] = self.subject
        else:
            members.pop("subject", None)
        if self.sender_identity_id is not UNSET:
            members["sender_identity_id"] = self.sender_identity_id
        else:
            members.pop("sender_identity_id", None)
        if self.reply_to is not UNSET:
            members["reply_to"] = self.reply_to
        else:
            members.pop("reply_to", None)
        if self.html is not UNSET:
            members["html"] = self.html
        else:
            members.pop("html", None)
        if self.languages is not UNSET:
            members["languages"] = self.languages
        else:
            members.pop("languages", None)
        return members

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        from ..models.email_message_variant import EmailMessageVariant
        from ..models.reply_to import ReplyTo

        d = src_dict if type(src_dict) is dict else properties_of(src_dict, "EmailMessage")
        others = len(d) - 6
        channel_type = d.get("channel_type")
        if channel_type is None:
            channel_type = required_value(d, "channel_type", "EmailMessage")
        channel_type = cast("Literal['email']", channel_type)
        if channel_type != "email":
            raise ValueError(f"channel_type must match const 'email', got '{channel_type}'")
        subject = d.get("subject")
        if subject is None:
            subject = UNSET
            others += "subject" not in d
        sender_identity_id = d.get("sender_identity_id")
        if sender_identity_id is None:
            sender_identity_id = UNSET
            others += "sender_identity_id" not in d
        reply_to = d.get("reply_to")
        if reply_to is None or reply_to is UNSET:
            reply_to = UNSET
            others += "reply_to" not in d
        else:
            reply_to = ReplyTo.from_dict(reply_to)
        html = d.get("html")
        if html is None:
            html = UNSET
            others += "html" not in d
        languages = d.get("languages")
        if languages is None or languages is UNSET:
            languages = UNSET
            others += "languages" not in d
        else:
            languages = [EmailMessageVariant.from_dict(item) for item in items_of(languages, "languages")]
        additional_properties = {key: d[key] for key in d if key not in _PROPERTIES} if others else {}
        self = cls.__new__(cls)
        self.__init__(  # type: ignore[misc] # what calling the class does, without packing the arguments twice
            channel_type=channel_type,
            subject=subject,
            sender_identity_id=sender_identity_id,
            reply_to=reply_to,
            html=html,
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
