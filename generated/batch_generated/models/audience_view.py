from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.audience_type import AudienceType
from ..models.indexing_state import IndexingState
from ..types import (
    UNSET,
    Unset,
    parse_datetime,
    properties_of,
    take_optional,
    take_required,
    to_json,
)


@_attrs_define(kw_only=True)
class AudienceView:
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

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object; properties that are UNSET are left out."""
        result: dict[str, Any] = to_json(
            {
                **self.additional_properties,
                "name": self.name,
                "type": self.type_,
                "nb_ids": self.nb_ids,
                "indexing_state": self.indexing_state,
                "created": self.created,
                "updated": self.updated,
                "display_name": self.display_name,
            }
        )
        return result

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        d = properties_of(src_dict, "AudienceView")
        name = take_required(d, "name", "AudienceView")

        type_ = AudienceType(take_required(d, "type", "AudienceView"))

        nb_ids = take_required(d, "nb_ids", "AudienceView")

        indexing_state = IndexingState(take_required(d, "indexing_state", "AudienceView"))

        created = parse_datetime(take_required(d, "created", "AudienceView"))

        updated = parse_datetime(take_required(d, "updated", "AudienceView"))

        display_name = take_optional(d, "display_name")

        return cls(
            name=name,
            type_=type_,
            nb_ids=nb_ids,
            indexing_state=indexing_state,
            created=created,
            updated=updated,
            display_name=display_name,
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
