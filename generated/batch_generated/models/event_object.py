from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..reading import items_of, properties_of
from ..values import Unset
from ..writing import Model


@_attrs_define(kw_only=True)
class EventObject(Model):
    """An object in the attributes of an event."""

    additional_properties: dict[str, bool | EventObject | float | list[EventObject | str] | None | str] = _attrs_field(
        factory=dict
    )

    def _members(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            **self.additional_properties,
        }
        return members

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        d = src_dict if type(src_dict) is dict else properties_of(src_dict, "EventObject")
        additional_properties = {}
        for prop_name, prop_dict in d.items():

            def _parse_additional_property(
                data: object,
            ) -> bool | EventObject | float | list[EventObject | str] | None | str:
                if data is None or isinstance(data, Unset):
                    return cast("bool | EventObject | float | list[EventObject | str] | None | str", data)
                try:
                    if not isinstance(data, dict):
                        raise TypeError
                    componentsschemas_event_attributes_value_type_1 = EventObject.from_dict(data)
                    return componentsschemas_event_attributes_value_type_1
                except (TypeError, ValueError):
                    pass
                try:
                    if not isinstance(data, list):
                        raise TypeError
                    _componentsschemas_event_attributes_value_type_2 = []
                    for componentsschemas_event_attributes_value_type_2_item_data in items_of(
                        data, "/components/schemas/EventAttributesValue_type_2"
                    ):

                        def _parse_componentsschemas_event_attributes_value_type_2_item(
                            data: object,
                        ) -> EventObject | str:
                            if data is None or isinstance(data, Unset):
                                return cast("EventObject | str", data)
                            try:
                                if not isinstance(data, dict):
                                    raise TypeError
                                componentsschemas_event_attributes_value_type_2_item_type_1 = EventObject.from_dict(
                                    data
                                )
                                return componentsschemas_event_attributes_value_type_2_item_type_1
                            except (TypeError, ValueError):
                                pass
                            return cast("EventObject | str", data)

                        componentsschemas_event_attributes_value_type_2_item = (
                            _parse_componentsschemas_event_attributes_value_type_2_item(
                                componentsschemas_event_attributes_value_type_2_item_data
                            )
                        )

                        _componentsschemas_event_attributes_value_type_2.append(
                            componentsschemas_event_attributes_value_type_2_item
                        )
                    componentsschemas_event_attributes_value_type_2 = _componentsschemas_event_attributes_value_type_2
                    return componentsschemas_event_attributes_value_type_2
                except (TypeError, ValueError):
                    pass
                return cast("bool | EventObject | float | list[EventObject | str] | None | str", data)

            additional_property = _parse_additional_property(prop_dict)

            additional_properties[prop_name] = additional_property
        self = cls.__new__(cls)
        self.__init__(  # type: ignore[misc] # what calling the class does, without packing the arguments twice
            additional_properties=additional_properties,
        )
        return self

    def __getitem__(self, key: str) -> bool | EventObject | float | list[EventObject | str] | None | str:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: bool | EventObject | float | list[EventObject | str] | None | str) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
