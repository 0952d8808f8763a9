"""Compares one operation of two documents: parameters, bodies, answers, security."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from attrs import define, evolve

from scripts.specdiff.components import Components
from scripts.specdiff.findings import Finding, Level
from scripts.specdiff.rules import NONE, REQUEST, RESPONSE, rule_of, text_of
from scripts.specdiff.shapes import Document
from scripts.specdiff.symbols import Names, advice_of


@define(eq=False)
class OperationComparison:
    """One operation on both sides. A webhook's request comes to the caller, and its answer is the caller's."""

    components: Components
    label: str
    paths: tuple[str, str]
    old: dict[str, Any]
    new: dict[str, Any]
    webhook: bool

    def findings(self) -> Iterator[Finding]:
        yield from self._identity()
        yield from self._parameters()
        yield from self._body()
        yield from self._responses()
        yield from self._security()

    def _finding(
        self, rule: str, level: Level, direction: str, path: str, text: str, old: Any = None, new: Any = None
    ) -> Finding:
        names = Names(self.new)
        return Finding(
            rule, level, direction, self.label, path, text, old, new, None, (names.method(),), advice_of(rule, level)
        )

    def _identity(self) -> Iterator[Finding]:
        was, is_ = self.old.get("deprecated") is True, self.new.get("deprecated") is True
        if is_ and not was:
            sunset = self.new.get("x-sunset")
            rule = "endpoint-deprecated-with-sunset" if sunset else "endpoint-deprecated"
            yield self._finding(rule, Level.INFO, NONE, "", "deprecated", None, sunset)
        elif was and not is_:
            yield self._finding("endpoint-reactivated", Level.INFO, NONE, "", "no longer deprecated")
        elif was and self.old.get("x-sunset") != self.new.get("x-sunset"):
            sunset = (self.old.get("x-sunset"), self.new.get("x-sunset"))
            if sunset[1] is None:
                yield self._finding("sunset-deleted", Level.BREAKING, NONE, "", "sunset date deleted", *sunset)
            elif sunset[0] is not None and str(sunset[1]) < str(sunset[0]):
                text = "sunset date moved to an earlier day"
                yield self._finding("api-sunset-date-changed-too-small", Level.BREAKING, NONE, "", text, *sunset)
        ids = (self.old.get("operationId"), self.new.get("operationId"))
        if ids[0] != ids[1]:
            rule = "added" if ids[0] is None else "removed" if ids[1] is None else "changed"
            yield self._finding(f"api-operation-id-{rule}", Level.INFO, NONE, "", f"operationId {rule}", *ids)
        tags = ([*self.old.get("tags", [])], [*self.new.get("tags", [])])
        for tag in sorted(set(tags[1]) - set(tags[0])):
            yield self._finding("api-tag-added", Level.INFO, NONE, "", f"tag {tag} added", None, tag)
        for tag in sorted(set(tags[0]) - set(tags[1])):
            yield self._finding("api-tag-removed", Level.INFO, NONE, "", f"tag {tag} removed", tag, None)

    def _schema(self, base: str, direction: str, place: str, old: Any, new: Any) -> Iterator[Finding]:
        names = Names(self.new)
        comparison = self.components.schemas.compare(old, new)
        self.components.use(comparison.components, base, self.label, self.new)
        for change in comparison.changes:
            rule, level = rule_of(base, direction, change)
            outer = self.components.new.name_of(new) or self.components.old.name_of(old)
            yield Finding(
                rule,
                level,
                direction,
                self.label,
                place + change.place,
                text_of(change),
                change.old,
                change.new,
                None,
                names.schema_symbols(base, change, outer),
                advice_of(rule, level),
            )

    def _parameters(self) -> Iterator[Finding]:
        before = _parameters(self.components.old, self.old, self.paths[0])
        after = _parameters(self.components.new, self.new, self.paths[1])
        for key in sorted(before.keys() | after.keys()):
            kind, name = key[0], str((after.get(key) or before[key]).get("name"))
            place = f"{kind}:{name}"
            symbol = (Names(self.new).argument(name),) if kind in ("query", "path") else ()
            for finding in self._parameter((kind, name), place, before.get(key), after.get(key)):
                yield evolve(finding, symbols=symbol or finding.symbols)
            if key in before and key in after:
                schemas = [_parameter_schema(side[key]) for side in (before, after)]
                for finding in self._schema("request-parameter", REQUEST, place, *schemas):
                    yield evolve(finding, symbols=symbol or finding.symbols)

    def _parameter(self, key: tuple[str, str], place: str, old: Any, new: Any) -> Iterator[Finding]:
        kind, name = key
        if old is None:
            required = new.get("required") is True
            default = "default" in (_parameter_schema(new) or {})
            if kind == "path":
                rule, level = "new-request-path-parameter", Level.BREAKING
            elif required:
                rule, level = "new-required-request-parameter", Level.BREAKING
                if default:
                    rule = "new-required-request-default-parameter-to-existing-path"
            else:
                rule, level = "new-optional-request-parameter", Level.INFO
                if default:
                    rule = "new-optional-request-default-parameter-to-existing-path"
            need = "required" if required else "optional"
            yield self._finding(rule, level, REQUEST, place, f"{need} {kind} parameter {name} added", None, name)
        elif new is None:
            rule, level = "request-parameter-removed", Level.WARNING
            if old.get("deprecated") is True:
                rule, level = "request-parameter-removed-with-deprecation", Level.INFO
            yield self._finding(rule, level, REQUEST, place, f"{kind} parameter {name} removed", name, None)
        else:
            was, is_ = old.get("required") is True, new.get("required") is True
            if is_ and not was:
                yield self._finding(
                    "request-parameter-became-required", Level.BREAKING, REQUEST, place, "became required"
                )
            elif was and not is_:
                yield self._finding("request-parameter-became-optional", Level.INFO, REQUEST, place, "became optional")
            for keyword in ("style", "explode", "allowReserved"):
                forms = (_form(old, keyword), _form(new, keyword))
                if forms[0] != forms[1]:
                    rule = f"request-parameter-{re.sub('(?=[A-Z])', '-', keyword).lower()}-changed"
                    text = f"{keyword} changed: {forms[0]} → {forms[1]}"
                    yield self._finding(rule, Level.BREAKING, REQUEST, place, text, *forms)
            if (old.get("deprecated") is True) != (new.get("deprecated") is True):
                word = "deprecated" if new.get("deprecated") else "reactivated"
                yield self._finding(f"request-parameter-{word}", Level.INFO, REQUEST, place, word)

    def _body(self) -> Iterator[Finding]:
        direction = RESPONSE if self.webhook else REQUEST
        old, new = (
            self.components.old.resolve(self.old.get("requestBody")),
            self.components.new.resolve(self.new.get("requestBody")),
        )
        if not old and not new:
            return
        was, is_ = old.get("required") is True, new.get("required") is True
        if not old:
            rule = "request-body-added-required" if is_ else "request-body-added-optional"
            yield self._finding(rule, Level.BREAKING if is_ else Level.INFO, direction, "body", "body added")
        elif not new:
            yield self._finding("request-body-removed", Level.BREAKING, direction, "body", "body removed")
        else:
            if is_ and not was:
                yield self._finding(
                    "request-body-became-required", Level.BREAKING, direction, "body", "became required"
                )
            elif was and not is_:
                yield self._finding("request-body-became-optional", Level.INFO, direction, "body", "became optional")
            base = "response-body" if self.webhook else "request-body"
            yield from self._media_types(base, direction, "body", old.get("content") or {}, new.get("content") or {})

    def _media_types(self, base: str, direction: str, place: str, old: Any, new: Any) -> Iterator[Finding]:
        before, after = ({_media_type(name): node for name, node in side.items()} for side in (old, new))
        subject = "request-body-media-type" if direction == REQUEST else "response-media-type"
        for name in sorted(before.keys() | after.keys()):
            if name not in before:
                yield self._finding(
                    f"{subject}-added", Level.INFO, direction, place, f"media type {name} added", None, name
                )
            elif name not in after:
                text = f"media type {name} removed"
                yield self._finding(f"{subject}-removed", Level.BREAKING, direction, place, text, name, None)
            else:
                schemas = [(side[name] or {}).get("schema") for side in (before, after)]
                if (schemas[0] is None) != (schemas[1] is None):
                    added = schemas[0] is None
                    bad = (direction == REQUEST) == added
                    level = (Level.BREAKING if direction == REQUEST else Level.WARNING) if bad else Level.INFO
                    rule = f"{base}-media-type-schema-{'added' if added else 'removed'}"
                    yield self._finding(rule, level, direction, place, f"schema {'added' if added else 'removed'}")
                elif schemas[0] is not None:
                    yield from self._schema(base, direction, place, *schemas)

    def _responses(self) -> Iterator[Finding]:
        direction = REQUEST if self.webhook else RESPONSE
        before, after = self.old.get("responses") or {}, self.new.get("responses") or {}
        before, after = ({str(code): node for code, node in side.items()} for side in (before, after))
        for code in sorted(before.keys() | after.keys()):
            success = code.startswith(("2", "3"))
            kind = "success" if success else "non-success"
            if code not in before:
                rule = f"response-{kind}-status-added"
                yield self._finding(rule, Level.INFO, direction, code, f"status {code} added", None, code)
            elif code not in after:
                level = Level.BREAKING if success else Level.INFO
                rule = f"response-{kind}-status-removed"
                yield self._finding(rule, level, direction, code, f"status {code} removed", code, None)
            else:
                old, new = self.components.old.resolve(before[code]), self.components.new.resolve(after[code])
                base = "request-body" if self.webhook else "response-body"
                yield from self._media_types(base, direction, code, old.get("content") or {}, new.get("content") or {})
                yield from self._headers(code, old.get("headers") or {}, new.get("headers") or {})

    def _headers(self, code: str, before: dict[str, Any], after: dict[str, Any]) -> Iterator[Finding]:
        sides = ((self.components.old, before), (self.components.new, after))
        old, new = ({name.lower(): d.resolve(node) for name, node in side.items()} for d, side in sides)
        for name in sorted(old.keys() | new.keys()):
            place = f"{code} header:{name}"
            if name not in old:
                text = f"header {name} added"
                yield self._finding("response-header-added", Level.INFO, RESPONSE, place, text, None, name)
            elif name not in new:
                required = old[name].get("required") is True
                rule = f"{'required' if required else 'optional'}-response-header-removed"
                level = Level.BREAKING if required else Level.WARNING
                yield self._finding(rule, level, RESPONSE, place, f"header {name} removed", name, None)
            else:
                if old[name].get("required") is True and new[name].get("required") is not True:
                    rule = "response-header-became-optional"
                    yield self._finding(rule, Level.BREAKING, RESPONSE, place, "became optional")
                schemas = [side[name].get("schema", True) for side in (old, new)]
                yield from self._schema("response-header", RESPONSE, place, *schemas)

    def _security(self) -> Iterator[Finding]:
        default = (self.components.old.content.get("security"), self.components.new.content.get("security"))
        old, new = (_alternatives(op.get("security", d)) for op, d in zip((self.old, self.new), default, strict=True))
        for one in sorted(new - old):
            # Another way in takes nothing away, but from a caller who needed none.
            level = Level.BREAKING if old == {""} and "" not in new else Level.INFO
            yield self._finding(
                "api-security-added", level, REQUEST, "security", f"security {one or 'none'} added", None, one
            )
        for one in sorted(old - new):
            level = Level.BREAKING if one else Level.INFO
            text = f"security {one or 'none'} removed"
            yield self._finding("api-security-removed", level, REQUEST, "security", text, one, None)


def _parameters(document: Document, operation: dict[str, Any], path: str) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the parameters by place and name; those of a path by their position, for their names do not travel."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for node in operation.get("parameters") or []:
        parameter = document.resolve(node)
        name = str(parameter.get("name"))
        if parameter.get("in") == "path" and f"{{{name}}}" in path:
            name = f"{{{path[: path.index(f'{{{name}}}')].count('{') + 1}}}"
        found[str(parameter.get("in")), name.lower() if parameter.get("in") == "header" else name] = parameter
    return found


def _parameter_schema(parameter: dict[str, Any]) -> Any:
    if "schema" in parameter:
        return parameter["schema"]
    media_types: dict[str, Any] = parameter.get("content") or {}
    return next((node.get("schema", {}) for node in media_types.values()), {})


def _form(parameter: dict[str, Any], keyword: str) -> Any:
    style = parameter.get("style", "form" if parameter.get("in") in ("query", "cookie") else "simple")
    defaults = {"style": style, "explode": style == "form", "allowReserved": False}
    return parameter.get(keyword, defaults[keyword])


def _media_type(name: str) -> str:
    kind, *parameters = (part.strip() for part in name.split(";"))
    return "; ".join([kind.lower(), *sorted(p for p in parameters if not p.lower().startswith("charset="))])


def _alternatives(security: Any) -> set[str]:
    """Return each way in as one word; the empty one is none at all."""
    if not security:
        return {""}
    return {
        " and ".join(f"{name}({', '.join(sorted(scopes))})" if scopes else name for name, scopes in sorted(way.items()))
        for way in security
    }
