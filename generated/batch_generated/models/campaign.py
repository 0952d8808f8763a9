from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.campaign_state import CampaignState
from ..reading import items_of, members_by_value, properties_of, required_value
from ..values import UNSET, Unset
from ..writing import Model

if TYPE_CHECKING:
    from ..models.campaign_targeting import CampaignTargeting
    from ..models.campaign_when import CampaignWhen
    from ..models.email_message import EmailMessage
    from ..models.push_message import PushMessage


_CAMPAIGN_STATE = members_by_value(CampaignState)

_PROPERTIES = frozenset(
    {
        "name",
        "state",
        "when",
        "messages",
        "send_rate",
        "targeting",
        "labels",
    }
)


@_attrs_define(kw_only=True)
class Campaign(Model):
    """A message to many people: what is sent, when and to whom.

    Attributes:
        name (str): Display name of the campaign on the dashboard
        state (CampaignState): State of the campaign to create. Draft campaigns are not sent until they are
            started (updated to RUNNING). Stopped campaigns are paused and can be resumed by updating them to
            RUNNING.
        when (CampaignWhen): When a campaign is sent.
        messages (list[EmailMessage | PushMessage]): The message to send: one element.
        send_rate (int | Unset): Determines the maximum number of messages to be sent per minute.
        targeting (CampaignTargeting | Unset): Who receives a campaign; without it, everybody.
        labels (list[str] | Unset): Codes of labels, at most 5.
    """

    name: str
    state: CampaignState
    when: CampaignWhen
    messages: list[EmailMessage | PushMessage]
    send_rate: int | Unset = UNSET
    targeting: CampaignTargeting | Unset = UNSET
    labels: list[str] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(factory=dict)

    def _members(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            **self.additional_properties,
            "name": self.name,
            "state": self.state,
            "when": self.when,
            "messages": self.messages,
        }
        if self.send_rate is not UNSET:
            members["send_rate"] = self.send_rate
        else:
            members.pop("send_rate", None)
        if self.targeting is not UNSET:
            members["targeting"] = self.targeting
        else:
            members.pop("targeting", None)
        if self.labels is not UNSET:
            members["labels"] = self.labels
        else:
            members.pop("labels", None)
        return members

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        from ..models.campaign_targeting import CampaignTargeting
        from ..models.campaign_when import CampaignWhen
        from ..models.email_message import EmailMessage
        from ..models.push_message import PushMessage

        d = src_dict if type(src_dict) is dict else properties_of(src_dict, "Campaign")
        others = len(d) - 7
        name = d.get("name")
        if name is None:
            name = required_value(d, "name", "Campaign")
        state = d.get("state")
        if state is None:
            state = required_value(d, "state", "Campaign")
        try:
            state = _CAMPAIGN_STATE[state]
        except (KeyError, TypeError):
            state = CampaignState(state)
        when = d.get("when")
        if when is None:
            when = required_value(d, "when", "Campaign")
        when = CampaignWhen.from_dict(when)
        messages = d.get("messages")
        if messages is None:
            messages = required_value(d, "messages", "Campaign", nullable=True)
        _messages = []
        for messages_item_data in items_of(messages, "messages"):

            def _parse_messages_item(data: object) -> EmailMessage | PushMessage:
                if data is None or isinstance(data, Unset):
                    return cast("EmailMessage | PushMessage", data)
                try:
                    if not isinstance(data, dict):
                        raise TypeError
                    messages_item_type_0 = EmailMessage.from_dict(data)
                    return messages_item_type_0
                except (TypeError, ValueError):
                    pass
                try:
                    if not isinstance(data, dict):
                        raise TypeError
                    messages_item_type_1 = PushMessage.from_dict(data)
                    return messages_item_type_1
                except (TypeError, ValueError):
                    pass
                return cast("EmailMessage | PushMessage", data)

            messages_item = _parse_messages_item(messages_item_data)

            _messages.append(messages_item)
        messages = _messages
        send_rate = d.get("send_rate")
        if send_rate is None:
            send_rate = UNSET
            others += "send_rate" not in d
        targeting = d.get("targeting")
        if targeting is None or targeting is UNSET:
            targeting = UNSET
            others += "targeting" not in d
        else:
            targeting = CampaignTargeting.from_dict(targeting)
        labels = d.get("labels")
        if labels is None or labels is UNSET:
            labels = UNSET
            others += "labels" not in d
        else:
            labels = items_of(labels, "labels")
        additional_properties = {key: d[key] for key in d if key not in _PROPERTIES} if others else {}
        self = cls.__new__(cls)
        self.__init__(  # type: ignore[misc] # what calling the class does, without packing the arguments twice
            name=name,
            state=state,
            when=when,
            messages=messages,
            send_rate=send_rate,
            targeting=targeting,
            labels=labels,
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
