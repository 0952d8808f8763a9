"""Names what a change touches in the Python client, in its own words, and what a caller must do about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from attrs import define
from openapi_python_client.strings import ClassName, PythonIdentifier, snake_case

from scripts.codegen.identity import singular
from scripts.specdiff.changes import Change
from scripts.specdiff.findings import Level

_PREFIX = "field_"


@define
class Names:
    """The names that the templates give to an operation and its parts."""

    operation: dict[str, Any]

    def method(self) -> str:
        """Return the operation as a caller writes it: `batch.audiences.create`."""
        tag = PythonIdentifier((self.operation.get("tags") or ["default"])[0], "tag")
        name = PythonIdentifier(str(self.operation.get("operationId") or "operation"), _PREFIX)
        method = self.operation.get("x-method", name.removeprefix(f"{singular(tag)}_"))
        return f"batch.{tag}.{method}"

    def symbols(self) -> tuple[str, ...]:
        """Return what of the client an operation makes: its method, and the class of a body written inline."""
        content = (self.operation.get("requestBody") or {}).get("content") or {}
        inline = any((node or {}).get("schema", {}).get("type") == "object" for node in content.values())
        return (self.method(), self._body_class()) if inline else (self.method(),)

    def _body_class(self) -> str:
        return ClassName(f"{self.operation.get('operationId')}_body", _PREFIX)

    def argument(self, name: str) -> str:
        """Return one argument of the operation: `batch.audiences.create(display_name=…)`."""
        identifier = PythonIdentifier(name, _PREFIX)
        raw = name if identifier == f"{name}_" and name != "from" else identifier
        return f"{self.method()}({raw}=…)"

    def schema_symbols(self, base: str, change: Change, outer: str | None) -> tuple[str, ...]:
        """Return what a change inside a schema touches: an argument, an attribute of a model, or the method."""
        members = [member for member in change.path if member.is_property]
        symbols: list[str] = []
        if base == "request-body" and members and change.path[0] is members[0]:
            symbols.append(self.argument(members[0].name))
            outer = outer or self._body_class()
        if members:
            owner = members[-1].owner or (outer if len(members) == 1 else None)
            if owner is not None:
                symbols.append(f"{ClassName(owner, _PREFIX)}.{PythonIdentifier(members[-1].name, _PREFIX)}")
        return tuple(symbols) or (self.method(),)


def component_symbols(name: str, change: Change, bodies: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    """Return what a change inside a component touches: an attribute of its class, or the class.

    Args:
        bodies: The operations whose body it is; its properties are arguments of their methods.
    """
    cls = ClassName(name, _PREFIX)
    members = [member for member in change.path if member.is_property]
    if not members:
        value = change.new if change.new is not None else change.old
        if change.aspect == "enum-value" and isinstance(value, str):
            return (f"{cls}.{snake_case(value).upper()}",)
        return (cls,)
    owner = ClassName(members[-1].owner, _PREFIX) if members[-1].owner else cls if len(members) == 1 else None
    inner = (f"{owner}.{PythonIdentifier(members[-1].name, _PREFIX)}",) if owner else (cls,)
    if len(members) == 1 and change.path[0] is members[0]:
        return (*(Names(operation).argument(members[0].name) for operation in bodies), *inner)
    return inner


def advice_of(rule: str, level: Level) -> str:
    """Return what a caller must do about a change of that rule."""
    for part, advice in _ADVICE:
        if part in rule:
            return advice if level > Level.INFO or part in _ALWAYS else "Nothing to do."
    return "Check the calls that use it." if level > Level.INFO else "Nothing to do."


_ALWAYS = ("endpoint-added", "deprecated", "property-added", "new-optional", "status-added")
_ADVICE = (
    ("endpoint-added", "Call it if you need it."),
    ("webhook-removed", "Stop waiting for it."),
    ("api-removed", "Remove the calls of it."),
    ("deprecated", "Plan to stop using it."),
    ("new-required-request", "Pass it in every call."),
    ("new-request-path", "Pass it in every call."),
    ("new-optional-request", "Pass it if you need it."),
    ("parameter-removed", "Stop passing it."),
    ("request-property-removed", "Stop passing it."),
    ("parameter-property-removed", "Stop passing it."),
    ("media-type", "Send or read another media type."),
    ("response-body-m", "Be ready for values beyond the old bound."),
    ("response-property-m", "Be ready for values beyond the old bound."),
    ("response-header-m", "Be ready for values beyond the old bound."),
    ("became-required", "Pass it in every call."),
    ("property-added", "Read it if you need it."),
    ("property-removed", "Stop reading it."),
    ("became-optional", "Be ready for UNSET."),
    ("became-nullable", "Be ready for None."),
    ("became-not-nullable", "Stop passing None."),
    ("enum-value-added", "Be ready for the new value; unknown values pass through meanwhile."),
    ("enum-value-removed", "Stop passing the value."),
    ("became-enum", "Pass one of the values."),
    ("const", "Pass the new value."),
    ("default-value", "Pass the value that you mean."),
    ("type", "Pass or read the new type."),
    ("status-removed", "Check what the calls expect."),
    ("security", "Check the credentials."),
    ("server-variable-default", "Pin api_version if you need the old one."),
    ("server", "Check base_url and api_version."),
    ("max", "Keep values within the new bound."),
    ("min", "Keep values within the new bound."),
    ("pattern", "Keep values to the new pattern."),
)
