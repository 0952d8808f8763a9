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
    from ..models.export_filter import ExportFilter


@_attrs_define(kw_only=True)
class AttributesExport:
    """Exports attributes and identifiers of profiles as they are now; at least one of the two lists is required.

    Attributes:
        export_type (Literal['ATTRIBUTES']): Type of the export events request. Default: 'ATTRIBUTES'.
        attributes (list[str] | Unset): List of custom or native attributes to be included in the export file(s).
            Any value that does not start with `$` is a custom attribute.
        identifiers (list[str] | Unset): Identifiers to include in the export files, such as `custom_id` or
            `installation_ids`.
        filter_ (ExportFilter | Unset): Limits the export to some profiles.
    """

    export_type: Literal["ATTRIBUTES"] = "ATTRIBUTES"
    attributes: list[str] | Unset = UNSET
    identifiers: list[str] | Unset = UNSET
    filter_: ExportFilter | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object; properties that are UNSET are left out."""
        result: dict[str, Any] = to_json(
            {
                **self.additional_properties,
                "export_type": self.export_type,
                "attributes": self.attributes,
                "identifiers": self.identifiers,
                "filter": self.filter_,
            }
        )
        return result

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        from ..models.export_filter import ExportFilter

        d = properties_of(src_dict, "AttributesExport")
        export_type = cast(Literal["ATTRIBUTES"], take_required(d, "export_type", "AttributesExport"))
        if export_type != "ATTRIBUTES":
            raise ValueError(f"export_type must match const 'ATTRIBUTES', got '{export_type}'")

        _attributes = take_optional(d, "attributes")
        attributes: list[str] | Unset = UNSET
        if not isinstance(_attributes, Unset):
            attributes = items_of(_attributes, "attributes")

        _identifiers = take_optional(d, "identifiers")
        identifiers: list[str] | Unset = UNSET
        if not isinstance(_identifiers, Unset):
            identifiers = items_of(_identifiers, "identifiers")

        _filter_ = take_optional(d, "filter")
        filter_: ExportFilter | Unset
        if isinstance(_filter_, Unset):
            filter_ = UNSET
        else:
            filter_ = ExportFilter.from_dict(_filter_)

        return cls(
            export_type=export_type,
            attributes=attributes,
            identifiers=identifiers,
            filter_=filter_,
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
