from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..reading import properties_of
from ..values import UNSET, Unset
from ..writing import Model

if TYPE_CHECKING:
    from ..models.reply_to import ReplyTo


_PROPERTIES = frozenset(
    {
        "language",
        "subject",
        "sender_identity_id",
        "reply_to",
        "html",
    }
)


@_attrs_define(kw_only=True)
class EmailMessageVariant(Model):
    """The email in another language.

    Attributes:
        language (str | Unset): The language: two lowercase letters.
        subject (str | Unset): The subject of the email.
        sender_identity_id (str | Unset): The id of the sender identity: digits, as a string.
        reply_to (ReplyTo | Unset): Where replies are sent.
        html (str | Unset): The HTML of the email.
    """

    language: str | Unset = UNSET
    subject: str | Unset = UNSET
    sender_identity_id: str | Unset = UNSET
    reply_to: ReplyTo | Unset = UNSET
    html: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(factory=dict)

    def _members(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            **self.additional_properties,
        }
        if self.language is not UNSET:
            members["language"] = self.language
        else:
            members.pop("language", None)
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
        return members

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        from ..models.reply_to import ReplyTo

        d = src_dict if type(src_dict) is dict else properties_of(src_dict, "EmailMessageVariant")
        others = len(d) - 5
        language = d.get("language")
        if language is None:
            language = UNSET
            others += "language" not in d
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
        additional_properties = {key: d[key] for key in d if key not in _PROPERTIES} if others else {}
        self = cls.__new__(cls)
        self.__init__(  # type: ignore[misc] # what calling the class does, without packing the arguments twice
            language=language,
            subject=subject,
            sender_identity_id=sender_identity_id,
            reply_to=reply_to,
            html=html,
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
