from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, Self, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..reading import items_of, properties_of, required_value
from ..values import UNSET, Unset
from ..writing import Model

if TYPE_CHECKING:
    from ..models.export_filter import ExportFilter


_PROPERTIES = frozenset(
    {
        "export_type",
        "attributes",
        "identifiers",
        "filter",
    }
)


@_attrs_define(kw_only=True)
class AttributesExport(Model):
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

    def _members(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            **self.additional_properties,
            "export_type": self.export_type,
        }
        if self.attributes is not UNSET:
            members["attributes"] = self.attributes
        else:
            members.pop("attributes", None)
        if self.identifiers is not UNSET:
            members["identifiers"] = self.identifiers
        else:
            members.pop("identifiers", None)
        if self.filter_ is not UNSET:
            members["filter"] = self.filter_
        else:
            members.pop("filter", None)
        return members

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        from ..models.export_filter import ExportFilter

        d = src_dict if type(src_dict) is dict else properties_of(src_dict, "AttributesExport")
        others = len(d) - 4
        export_type = d.get("export_type")
        if export_type is None:
            export_type = required_value(d, "export_type", "AttributesExport")
        export_type = cast("Literal['ATTRIBUTES']", export_type)
        if export_type != "ATTRIBUTES":
            raise ValueError(f"export_type must match const 'ATTRIBUTES', got '{export_type}'")
        attributes = d.get("attributes")
        if attributes is None or attributes is UNSET:
            attributes = UNSET
            others += "attributes" not in d
        else:
            attributes = items_of(attributes, "attributes")
        identifiers = d.get("identifiers")
        if identifiers is None or identifiers is UNSET:
            identifiers = UNSET
            others += "identifiers" not in d
        else:
            identifiers = items_of(identifiers, "identifiers")
        filter_ = d.get("filter")
        if filter_ is None or filter_ is UNSET:
            filter_ = UNSET
            others += "filter" not in d
        else:
            filter_ = ExportFilter.from_dict(filter_)
        additional_properties = {key: d[key] for key in d if key not in _PROPERTIES} if others else {}
        self = cls.__new__(cls)
        self.__init__(  # type: ignore[misc] # what calling the class does, without packing the arguments twice
            export_type=export_type,
            attributes=attributes,
            identifiers=identifiers,
            filter_=filter_,
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
