from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.audience_type import AudienceType
from ..models.indexing_state import IndexingState
from ..reading import members_by_value, parse_datetime, properties_of, required_value
from ..values import UNSET, Unset
from ..writing import Model

_AUDIENCE_TYPE = members_by_value(AudienceType)
_INDEXING_STATE = members_by_value(IndexingState)

_PROPERTIES = frozenset(
    {
        "name",
        "type",
        "nb_ids",
        "indexing_state",
        "created",
        "updated",
        "display_name",
    }
)


@_attrs_define(kw_only=True)
class AudienceView(Model):
    """An audience and how far an update of it is indexed.

    Attributes:
        name (str):
        type_ (AudienceType): Kind of identifier that an audience holds. What create calls custom_ids is
            CUSTOM_ID here.
        nb_ids (int):
        indexing_state (IndexingState): How far an update is processed. `IN_PROGRESS`: it is being processed.
            `APPLIED`: it is finished. `REPLACED`: the content was replaced since the indexing token was issued.
            Without a token, the state of the last update.
        created (datetime.datetime): UTC Date in a RFC 3339 format.
        updated (datetime.datetime): UTC Date in a RFC 3339 format.
        display_name (str | Unset):
    """

    name: str
    type_: AudienceType
    nb_ids: int
    indexing_state: IndexingState
    created: datetime.datetime
    updated: datetime.datetime
    display_name: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(factory=dict)

    def _members(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            **self.additional_properties,
            "name": self.name,
            "type": self.type_,
            "nb_ids": self.nb_ids,
            "indexing_state": self.indexing_state,
            "created": self.created,
            "updated": self.updated,
        }
        if self.display_name is not UNSET:
            members["display_name"] = self.display_name
        else:
            members.pop("display_name", None)
        return members

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        d = src_dict if type(src_dict) is dict else properties_of(src_dict, "AudienceView")
        others = len(d) - 7
        name = d.get("name")
        if name is None:
            name = required_value(d, "name", "AudienceView")
        type_ = d.get("type")
        if type_ is None:
            type_ = required_value(d, "type", "AudienceView")
        try:
            type_ = _AUDIENCE_TYPE[type_]
        except (KeyError, TypeError):
            type_ = AudienceType(type_)
        nb_ids = d.get("nb_ids")
        if nb_ids is None:
            nb_ids = required_value(d, "nb_ids", "AudienceView")
        indexing_state = d.get("indexing_state")
        if indexing_state is None:
            indexing_state = required_value(d, "indexing_state", "AudienceView")
        try:
            indexing_state = _INDEXING_STATE[indexing_state]
        except (KeyError, TypeError):
            indexing_state = IndexingState(indexing_state)
        created = d.get("created")
        if created is None:
            created = required_value(d, "created", "AudienceView")
        created = parse_datetime(created)
        updated = d.get("updated")
        if updated is None:
            updated = required_value(d, "updated", "AudienceView")
        updated = parse_datetime(updated)
        display_name = d.get("display_name")
        if display_name is None:
            display_name = UNSET
            others += "display_name" not in d
        additional_properties = {key: d[key] for key in d if key not in _PROPERTIES} if others else {}
        self = cls.__new__(cls)
        self.__init__(  # type: ignore[misc] # what calling the class does, without packing the arguments twice
            name=name,
            type_=type_,
            nb_ids=nb_ids,
            indexing_state=indexing_state,
            created=created,
            updated=updated,
            display_name=display_name,
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
