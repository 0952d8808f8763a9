"""Decides how a property of the document becomes an argument of a function: its name, type, default and text."""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Iterator
from typing import Any

from attrs import frozen
from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties import EnumProperty, ModelProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.protocol import PropertyProtocol
from openapi_python_client.parser.properties.union import UnionProperty
from openapi_python_client.strings import safe_for_docstring

_USED_IN_BODIES = ("self", "datetime", "dict", "str")
"""Names that the body of a method needs."""


@frozen
class Argument:
    """An argument of a function, made from a parameter or a member of a body."""

    name: str
    wire_name: str
    """As the API knows it."""
    placeholder: str
    """What stands for it in the path, if it is there."""
    where: str
    """body, query, path or header."""
    type: str
    """Its annotation, without UNSET."""
    default: str | None
    """Its default as code; None if it must be given."""
    text: str
    """Its description, fit for a docstring."""
    imports: tuple[str, ...]
    """Of the models that its type names."""

    @property
    def declaration(self) -> str:
        if self.default is None:
            return f"{self.name}: {self.type}"
        return f"{self.name}: {self.type}{' | Unset' if self.default == 'UNSET' else ''} = {self.default}"


def parameters_of(endpoint: Endpoint, descriptions: dict[str, str | None]) -> list[Argument]:
    """Return the arguments that an operation's parameters become, those in the path first.

    Args:
        descriptions: Their texts by name, which the generator does not hand on.
    """
    places = {
        "path": endpoint.path_parameters,
        "query": endpoint.query_parameters,
        "header": endpoint.header_parameters,
    }
    return [make_argument(one, where, descriptions) for where, properties in places.items() for one in properties]


def make_argument(prop: PropertyProtocol, where: str, descriptions: dict[str, str | None]) -> Argument:
    """Return the argument that a property becomes."""
    wire_name = prop.name.get_untrusted_value()
    default = None if prop.required else "UNSET"
    if prop.default is not None:
        default = prop.default.python_code.as_unembedded_code()
    return Argument(
        name=_name_of(prop),
        wire_name=wire_name,
        placeholder=str(prop.python_name),
        where=where,
        type=accepted_type(prop),
        default=default,
        text=safe_for_docstring(descriptions.get(wire_name) or prop.description or "Not described."),
        imports=tuple(model_imports(prop)),
    )


def accepted_type(prop: PropertyProtocol) -> str:
    """Return what is accepted: plain dicts beside models, strings beside enums, any iterable beside lists."""
    if isinstance(prop, ListProperty):
        return f"Iterable[{accepted_type(prop.inner_property)}]"
    if isinstance(prop, UnionProperty):
        parts = [part for inner in prop.inner_properties for part in accepted_type(inner).split(" | ")]
        return " | ".join(dict.fromkeys(parts))
    plain = type_of(prop)
    if isinstance(prop, ModelProperty):
        return f"{plain} | Mapping[str, Any]"
    return f"{plain} | str" if isinstance(prop, EnumProperty) else plain


def type_of(prop: PropertyProtocol) -> str:
    """Return the type of a property that has a value."""
    return prop.get_type_string(no_optional=True).as_unembedded_code()


def model_imports(prop: PropertyProtocol) -> Iterator[str]:
    """Yield the imports of the models that a property's type names."""
    lines: Iterable[Any] = (*prop.get_imports(prefix="..."), *prop.get_lazy_imports(prefix="..."))
    return (line for line in lines if "...models" in line)


def _name_of(prop: PropertyProtocol) -> str:
    """Return the API's own word, unless Python or a method's body needs it: `type`, not `type_`; but `from_`."""
    raw = prop.name.get_untrusted_value()
    is_free = raw.isidentifier() and not keyword.iskeyword(raw) and raw not in _USED_IN_BODIES
    return raw if is_free and prop.python_name == f"{raw}_" else str(prop.python_name)
