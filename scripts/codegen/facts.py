"""Checks the facts that overlays state of operations, and hands them to the templates."""

from __future__ import annotations

import difflib
import html
import re
from collections.abc import Collection
from typing import Any

from openapi_python_client.parser.openapi import generate_operation_id
from openapi_python_client.schema.untrusted_string import UntrustedString
from openapi_python_client.strings import PythonIdentifier

from scripts.codegen.contract import Facts
from scripts.codegen.identity import name_operations, singular
from scripts.codegen.merge import FIRST_SEEN
from scripts.codegen.runtime.references import component_of, resolve
from scripts.codegen.schemas import makes_class, operations_of
from scripts.codegen.sources import METHODS, Document
from scripts.errors import ToolError

_LIMIT_MEMBERS: dict[str, tuple[type, ...]] = {
    "units": (int, float),
    "seconds": (int, float),
    "burst": (int, float),
    "records": (str,),
    "when": (str,),
}


def check_facts(document: Document, absent: Collection[str]) -> list[str]:
    """Check every fact that names something else; return notes on what is missing because its operation is.

    Args:
        absent: Routes that are known to be missing.

    Raises:
        ToolError: A fact is malformed, or names a rate limit or an operation that there is not.
    """
    limits = document.get("x-rate-limits", {})
    problems = _wrong_limits(limits)
    notes = []
    operations = {operation["operationId"]: (route, operation) for route, operation in operations_of(document)}
    for route, operation in operations.values():
        for name in operation.get("x-rate-limited-by", ()):
            if name not in limits:
                problems.append(f"{route}: x-rate-limited-by names {name!r}; there are {', '.join(limits) or 'none'}")
        for member, kind in (("x-idempotent", bool), ("x-idempotent-unless", str), ("x-consequence", str)):
            if not isinstance(operation.get(member, kind()), kind):
                problems.append(f"{route}: {member} is not a {kind.__name__}")
        job = operation.get("x-starts-job-viewed-by")
        if job is not None and job not in operations:
            if any(_looks_like(route, job) for route in absent):
                notes.append(f"{route}: the operation that shows its job, {job}, is not in the bundle")
                del operation["x-starts-job-viewed-by"]
            else:
                nearest = difflib.get_close_matches(str(job), operations, 1, 0.5)
                near = f"; the nearest is {nearest[0]}" if nearest else ""
                problems.append(f"{route}: x-starts-job-viewed-by names {job!r}, which is not an operation{near}")
    if problems:
        raise ToolError(*problems)
    return notes


def _looks_like(route: str, id_: Any) -> bool:
    """Return whether an operation that is missing would have an id."""
    method, path = route.split(" ", 1)
    return bool(name_operations([(method.lower(), path)], {})[method.lower(), path].id == id_)


def _wrong_limits(limits: Any) -> list[str]:
    if not isinstance(limits, dict):
        return ["x-rate-limits is not an object"]
    problems = []
    for name, limit in limits.items():
        if not isinstance(limit, dict) or not {"units", "seconds", "burst"} <= limit.keys():
            problems.append(f"x-rate-limits: {name} needs units, seconds and burst")
            continue
        for member, value in limit.items():
            if member not in _LIMIT_MEMBERS or not isinstance(value, _LIMIT_MEMBERS[member]) or isinstance(value, bool):
                problems.append(f"x-rate-limits: {member} of {name} is not understood")
    return problems


def template_facts(document: Document, facts: Facts) -> dict[str, Any]:
    """Return what the templates need of the bundle and the generator does not hand them."""
    operations = {
        endpoint_name(path, method, operation): _operation_facts(document, path, method, operation)
        for path, item in document["paths"].items()
        for method in METHODS
        if (operation := item.get(method)) is not None
    }
    variables = (document.get("servers") or [{}])[0].get("variables") or {}
    version = variables.get("version") or {"default": document["info"]["version"]}
    return {
        "api_versions": version.get("enum") or [version["default"]],
        "operations": operations,
        "rate_limits": document.get("x-rate-limits", {}),
        "bodies": {
            id_: {"member": body.member, "max_records": body.max_records, "schema": body.schema}
            for id_, body in facts.bodies.items()
        },
        "values": {name: tuple(value) if isinstance(value, list) else value for name, value in facts.values.items()},
    }


def _operation_facts(document: Document, path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    default = {"default"} & document.get("x-rate-limits", {}).keys()
    name = endpoint_name(path, method, operation)
    tag = str(PythonIdentifier((operation.get("tags") or ["default"])[0], "tag"))
    parameters = [resolve(document, node) for node in operation.get("parameters", ())]
    return {
        "method_name": operation.get("x-method", name.removeprefix(f"{singular(tag)}_")),
        "description": plain_text(operation.get("description"))
        or plain_text(operation.get("summary"))
        or f"Call {method.upper()} {path}.",
        "descriptions": {node["name"]: plain_text(node.get("description")) for node in parameters},
        "documentation": operation.get("externalDocs", {}).get("url", ""),
        # Of an operation that no overlay speaks of nothing is known: it is not repeated, and asked about.
        "idempotent": operation.get("x-idempotent", False),
        "idempotent_unless": operation.get("x-idempotent-unless", ""),
        "consequence": operation.get("x-consequence", "" if method in ("get", "head", "options") else None),
        "first_seen": operation.get(FIRST_SEEN, ""),
        "rate_limits": tuple(operation.get("x-rate-limited-by", sorted(default))),
        "removes_viewed": operation.get("x-removes-viewed", False),
        "views_job": operation.get("x-views-job", False),
        "job": _job_model(document, operation.get("x-starts-job-viewed-by")),
    }


def endpoint_name(path: str, method: str, operation: dict[str, Any]) -> str:
    """Return what the generator calls an operation."""
    if operation.get("operationId"):
        return str(PythonIdentifier(operation["operationId"], "field_"))
    return str(generate_operation_id(path=UntrustedString(path), method=method, prefix="field_"))


def _job_model(document: Document, viewed_by: str | None) -> str:
    """Return the model that shows the job which an operation starts, given the operation that views it."""
    for _, operation in operations_of(document):
        if viewed_by is not None and operation.get("operationId") == viewed_by:
            for status, response in operation["responses"].items():
                for content in response.get("content", {}).values():
                    name = component_of(content.get("schema", {})) if status[0] == "2" else None
                    if name is not None and makes_class(document["components"]["schemas"][name]):
                        return name
    return ""


_BREAKS = re.compile(r"<(?:br|p|div|tr|ul|ol|table|hr)\b[^<>]*>|</(?:p|div|ul|ol|table|h[1-6])\s*>", re.IGNORECASE)
_ITEM = re.compile(r"<li\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:a|b|blockquote|br|button|center|code|details|div|em|figcaption|figure|font|h[1-6]|hr|i|iframe|img|kbd|li|mark|ol|p"
    r"|picture|pre|s|small|source|span|strong|sub|summary|sup|table|tbody|td|th|thead|tr|u|ul|video)\b[^<>]*>|<!--.*?-->",
    re.IGNORECASE | re.DOTALL,
)
_GITBOOK = re.compile(r"\{%.*?%\}", re.DOTALL)


def plain_text(text: str | None) -> str | None:
    """Return a description without the HTML and the GitBook tags that pages carry; a docstring shows it as it is."""
    if text is None:
        return None
    text = _ITEM.sub("\n- ", _BREAKS.sub("\n", _GITBOOK.sub("", text)))
    text = html.unescape(_TAG.sub("", text)).replace("\xa0", " ")
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", text)).strip()
