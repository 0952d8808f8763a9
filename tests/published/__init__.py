"""The whole API as Batch might publish it, in three versions, written to be adopted as it is.

Nothing here is Batch's: the frozen documents are rewritten the way its documentation is written, with habits and slips
that were seen and with names that could not be known. Routes and places stay what they are; all else may differ.
"""

from __future__ import annotations

import copy
import html
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.frozen import FROZEN

SITE = "https://doc.batch.com"
SECTION = "/developer/api/cep/"
VERSIONS = ("2.11", "2.12", "2.13")

Document = dict[str, Any]

_PAGES = {"catalogs/items-edit": "catalogs/edit-items", "profiles/mass-update": "profiles/mass-update-profile"}
"""Pages that are not called after their routes."""

_GROUP_NAMES = {"audiences": "Audience", "profiles": "Profile API", "campaigns": "Campaigns (beta)"}


def write_set(folder: Path, version: str) -> Path:
    """Write the set of a version as the documentation site serves it, with its index; return the folder."""
    pages = dict(_pages(version))
    for page, text in pages.items():
        path = folder / f"{SECTION.strip('/')}/{page}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    links = [f"- [{page.rsplit('/', 1)[-1].title()}]({SITE}{SECTION}{page}.md): Reference" for page in sorted(pages)]
    index = ["# Batch documentation", "", "## Developer", "", *links, f"- [Push]({SITE}/guides/push.md)", ""]
    (folder / "llms.txt").write_text("\n".join(index), encoding="utf-8")
    return folder


def documents(version: str) -> dict[str, Document]:
    """Return the document of every page of a version, by the name of its route's page."""
    result = {}
    for path in sorted((FROZEN / "pages").rglob("*.json")):
        name = path.relative_to(FROZEN / "pages").with_suffix("").as_posix()
        result[name] = json.loads(path.read_text(encoding="utf-8"))
    _change_operations(result, version)
    for name, document in result.items():
        _change_page(name, document, version)
        document["servers"][0]["variables"]["version"]["default"] = version
    return result


def _pages(version: str) -> Iterator[tuple[str, str]]:
    found = documents(version)
    for name, document in found.items():
        page = _PAGES.get(name, name)
        others = [found["profiles/update"]] if name == "profiles/mass-update" else []
        yield page, _markdown(page, [*others, document], name)
    schemas = {
        "openapi": "3.1.0",
        "info": {"title": "Batch - REST API", "version": "2.9"},
        "components": {"schemas": {"oneAudience": {"type": "object", "properties": {"name": {"type": "string"}}}}},
    }
    yield "audiences/models", _markdown("audiences/models", [schemas], "models")
    yield "audiences", "# Audiences\n\nAn overview, with no document in it.\n"


def _markdown(page: str, blocks: list[Document], name: str) -> str:
    """Return a page as GitBook writes it: a preamble, prose, and each document in one line of a block."""
    preamble = (
        f"> For the complete documentation index, see [llms.txt]({SITE}/llms.txt). "
        f"This page is also available as [Markdown]({SITE}{SECTION}{page}.md).\n\n"
    )
    texts = [json.dumps(block, ensure_ascii=False) for block in blocks]
    if name == "segments/list":
        shown = [f"```json\n{html.escape(text)}\n```" for text in texts]
    elif name == "exports/list":
        shown = [
            f'<pre class="language-json"><code class="lang-json">{html.escape(text)}\n</code></pre>' for text in texts
        ]
    elif name == "campaigns/delete":
        shown = [f'{{% code overflow="wrap" %}}\n```json\n{text}\n```\n{{% endcode %}}' for text in texts]
    else:
        shown = [f"```json\n{text}\n```" for text in texts]
    mark = "\ufeff" if name == "audiences/list" else ""
    example = '```json\n{"name": "…", …}\n```'
    link = f"[create]({SITE}{SECTION}audiences/create)"
    prose = f'See {link} for an introduction.\n\n{{% hint style="info" %}}\nWords.\n{{% endhint %}}'
    return (
        f"{mark}{preamble}# {name}\n\n{prose}\n\n### API Description\n\n"
        + "\n\n".join(shown)
        + f"\n\n### Post data\n\n{example}\n"
    )


def _operation(document: Document) -> Any:
    ((_, item),) = document["paths"].items()
    return next(node for node in item.values() if isinstance(node, dict) and "responses" in node)


def _body(document: Document) -> Any:
    schema = _operation(document)["requestBody"]["content"]["application/json"]["schema"]
    return _schema(document, schema)


def _schema(document: Document, node: Any) -> Any:
    while "$ref" in node:
        node = document["components"]["schemas"][node["$ref"].rsplit("/", 1)[1]]
    return node


def _answer(document: Document, status: str) -> Any:
    return _operation(document)["responses"][status]["content"]["application/json"]["schema"]


def _change_page(name: str, document: Document, version: str) -> None:
    group, _, page = name.partition("/")
    _rewrite(name, document)
    operation = _operation(document)
    # Names that could not be known: each page has words of its own, and some have none.
    operation["operationId"] = f"{page.replace('-', '')}{group.capitalize()}"
    if page in ("list", "stats"):
        del operation["operationId"]
    if group in ("orchestrations", "segments", "catalogs"):
        operation["tags"] = [] if page == "list" else None
        operation = {key: value for key, value in operation.items() if value is not None}
    else:
        operation["tags"] = [_GROUP_NAMES.get(group, group)]
    ((path, item),) = document["paths"].items()
    method = next(key for key, node in item.items() if isinstance(node, dict) and "responses" in node)
    item[method] = operation
    document["tags"] = [{"name": _GROUP_NAMES.get(group, group)}]
    words = "<br/>See the <strong>guide</strong>. {% hint %}Mind &amp; care{% endhint %}"
    operation["description"] = f"{operation.get('description', '')}{words}"
    _declare_project_key(name, document, path)
    _name_components(
        document, f"{page.title().replace('-', '')}{version.replace('.', '')}" if group != "audiences" else ""
    )
    if name == "catalogs/view":
        document.pop("security")
    if name == "audiences/create":
        _body(document)["required"].append("name")
    operation["summary"] = page.title()


def _declare_project_key(name: str, document: Document, path: str) -> None:
    key = document["components"]["parameters"].pop("HeaderProjectKey")
    operation = _operation(document)
    operation["parameters"] = [node for node in operation.get("parameters", []) if "$ref" not in node]
    if name.startswith("audiences"):
        document["components"]["parameters"]["project"] = key
        operation["parameters"].insert(0, {"$ref": "#/components/parameters/project"})
    elif name.startswith("catalogs"):
        document["paths"][path]["parameters"] = [key | {"name": "x-batch-project"}]
    else:
        operation["parameters"].insert(0, key)


def _name_components(document: Document, suffix: str) -> None:
    """Give component schemas other names, except those that were seen published, which all pages share."""
    schemas = document["components"].get("schemas", {})
    kept = {"Error", "oneAudience", "oneSegment", "EmptyResponse", "field", "field_type", "field_action", "catalog"}
    names = {
        name: name if name in kept else f"{re.sub('(?<=[a-z])(?=[A-Z])', '_', name).lower()}{suffix}"
        for name in schemas
    }
    text = json.dumps(document)
    for old, new in names.items():
        text = text.replace(f'"#/components/schemas/{old}"', f'"#/components/schemas/{new}"')
    changed = json.loads(text)
    changed["components"]["schemas"] = {
        names[name]: schema for name, schema in changed["components"]["schemas"].items()
    }
    document.clear()
    document.update(changed)


def _rewrite(name: str, document: Document) -> None:
    """Write a document's schemas another way, as far as that changes no call that is valid."""
    rewrite = _REWRITES.get(name)
    if rewrite is not None:
        rewrite(document)
    for node in walk(document["components"].get("schemas", {})):
        if node.get("description", "").endswith("UTC.") or "created" in node:
            node.pop("format", None)
    for name_ in ("oneAudience", "oneSegment"):
        for member in document["components"].get("schemas", {}).get(name_, {}).get("properties", {}).values():
            member.pop("format", None)


def walk(node: Any) -> Iterator[dict[str, Any]]:
    """Yield an object of a document and all objects within."""
    if isinstance(node, dict):
        yield node
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            yield from walk(child)


def _audience_create(document: Document) -> None:
    properties = _body(document)["properties"]
    properties["name"] = {"type": "string", "maxLength": 255, "description": "Name of the audience."}
    properties["type"] = {"type": "string", "enum": ["custom_ids"]}


def _audience_update(document: Document) -> None:
    ids = _body(document)["properties"]["ids"]
    ids.pop("maxItems", None)
    document["components"].setdefault("schemas", {})["entry"] = ids["items"]
    ids["items"] = {"$ref": "#/components/schemas/entry"}
    entry = document["components"]["schemas"]["entry"]
    document["components"]["schemas"]["verb"] = entry["properties"]["action"]
    entry["properties"]["action"] = {"allOf": [{"$ref": "#/components/schemas/verb"}], "description": "What to do."}


def _audience_replace(document: Document) -> None:
    _body(document)["properties"]["ids"].pop("maxItems", None)


def _audience_list(document: Document) -> None:
    items = _schema(document, _answer(document, "200"))["properties"]["audiences"]
    items["items"] = document["components"]["schemas"].pop("oneAudience")


def _profiles(document: Document) -> None:
    schemas = document["components"]["schemas"]
    attributes = schemas["ProfileAttributes"]
    attributes.pop("maxProperties", None)
    consent = {"oneOf": [{"type": "string", "enum": ["subscribed", "unsubscribed"]}, {"type": "null"}]}
    attributes["properties"]["$email_marketing"] = copy.deepcopy(consent)
    attributes["properties"]["$language"] = {"type": "string", "nullable": True}
    schemas["EditProfile"]["properties"]["events"].pop("maxItems", None)
    schemas["ProfileIdentifiers"] = {
        "oneOf": [
            {"type": "object", "required": ["custom_id"], "properties": {"custom_id": {"type": "string"}}},
            {"type": "object", "required": ["installation"], "properties": {"installation": {"type": "object"}}},
        ]
    }
    success, partial = schemas.pop("ProfileUpdateSuccess"), schemas.pop("ProfileUpdatePartialErrors")
    _operation(document)["responses"]["202"]["content"]["application/json"]["schema"] = {"anyOf": [success, partial]}
    _operation(document)["requestBody"]["content"] = {
        "application/json; charset=utf-8": _operation(document)["requestBody"]["content"]["application/json"]
    }


def _profile_export(document: Document) -> None:
    schemas = document["components"]["schemas"]
    node = _operation(document)["requestBody"]
    node["required"] = False
    members = node["content"]["application/json"]["schema"]["anyOf"]
    node["content"]["application/json"]["schema"] = {"oneOf": [_schema(document, member) for member in members]}
    for member in node["content"]["application/json"]["schema"]["oneOf"]:
        kind = member["properties"]["export_type"]
        kind["const"] = kind.pop("enum")[0]
    for name in [name for name in schemas if name.endswith("Request")]:
        del schemas[name]


def _exports(document: Document) -> None:
    schemas = document["components"]["schemas"]
    whole = schemas["request"]
    schemas["request"] = {"anyOf": [copy.deepcopy(whole) for _ in range(3)], "description": whole["description"]}
    for member, kind in zip(schemas["request"]["anyOf"], ("attributes", "events", "reachability"), strict=True):
        for name in ("request_date", "start_date", "completion_date"):
            member["properties"][name] = {"type": "string", "description": "UTC date in a RFC 3339 format."}
        member["properties"]["request"] = {
            "type": "object",
            "properties": {"export_type": {"type": "string"}, kind: {"type": "array", "items": {"type": "string"}}},
        }
        member["properties"]["scope"] = {
            "$ref": "#/components/schemas/scope",
            "description": "The scope of the export.",
        }


def _campaigns(document: Document) -> None:
    schemas = document["components"]["schemas"]
    properties = schemas["campaign"]["properties"]
    properties["when"] = {"type": "object", "$ref": "#/components/schemas/when", "description": "When to send."}
    properties["targeting"] = {"type": "object", "$ref": "#/components/schemas/targeting", "description": "Whom."}
    properties["messages"].pop("maxItems", None)
    for name, kind in (("campaign_email_message", "email"), ("campaign_push_message", "push")):
        schemas[name]["properties"]["channel_type"] = {"type": "string", "description": f"Always {kind}."}
    properties["messages"]["items"]["discriminator"] = {
        "propertyName": "channel_type",
        "mapping": {
            "email": "#/components/schemas/campaign_email_message",
            "push": "#/components/schemas/campaign_push_message",
        },
    }


def _campaign_create(document: Document) -> None:
    _campaigns(document)
    responses = _operation(document)["responses"]
    responses["201"] = next(responses.pop(status) for status in list(responses) if status[0] == "2")


def _campaign_update(document: Document) -> None:
    _campaigns(document)
    _operation(document)["responses"]["200"] = {"description": "Request successful, campaign udpated"}


def _campaign_delete(document: Document) -> None:
    responses = _operation(document)["responses"]
    for status in [status for status in responses if status[0] == "2"]:
        del responses[status]
    empty = {"application/json": {"schema": {"$ref": "#/components/schemas/EmptyResponse"}}}
    document["components"].setdefault("schemas", {})["EmptyResponse"] = {"type": "object"}
    document["components"]["responses"]["204"] = {
        "description": "Request successful, campaign deleted",
        "content": empty,
    }
    responses["204"] = {"$ref": "#/components/responses/204"}


def _catalog_create(document: Document) -> None:
    responses = _operation(document)["responses"]
    responses["201"] = next(responses.pop(status) for status in list(responses) if status[0] == "2")
    _use_field(document, _body(document)["properties"]["fields"])
    _body(document)["properties"]["fields"].pop("maxItems", None)


def _use_field(document: Document, fields: Any) -> None:
    schemas = document["components"]["schemas"]
    kind = {"type": "string", "enum": ["array", "bool", "date", "float", "integer", "string", "url"]}
    schemas["field_type"] = kind | {"description": "Enumerates the possible data types."}
    schemas["field"] = {
        "type": "object",
        "required": ["name", "type"],
        "properties": {
            "name": {"type": "string", "pattern": "[a-z0-9_]+$", "minLength": 1, "maxLength": 250},
            "type": {"$ref": "#/components/schemas/field_type", "description": "The data type for this field."},
        },
    }
    fields["items"] = {"$ref": "#/components/schemas/field"}


def _catalog_view(document: Document) -> None:
    _use_field(document, document["components"]["schemas"]["catalog"]["properties"]["fields"])


def _catalog_list(document: Document) -> None:
    catalog = document["components"]["schemas"].get("catalog")
    if catalog is not None:
        _use_field(document, catalog["properties"]["fields"])


def _catalog_remove(document: Document) -> None:
    for status in ("400", "429"):
        _operation(document)["responses"].pop(status, None)


def _items_edit(document: Document) -> None:
    items = _body(document)["properties"]["items"]
    items.pop("maxItems", None)
    document["components"].setdefault("schemas", {})["attributes"] = {
        "type": "object",
        "description": "A map of attribute keys to values.\n  - `url(...)` → value must be a valid URL\n",
        "additionalProperties": {
            "oneOf": [
                {"type": "array", "maxItems": 15, "items": {"type": "string", "maxLength": 64}},
                {"type": "boolean"},
                {"type": "integer"},
                {"type": "number", "format": "float"},
                {"type": "string", "maxLength": 10000},
                {"type": "string", "format": "date-time"},
                {"type": "integer", "format": "int64"},
                {"type": "string", "format": "uri"},
            ]
        },
    }
    items["items"]["properties"]["attributes"] = {"$ref": "#/components/schemas/attributes"}
    for status in ("400", "404"):
        _operation(document)["responses"].pop(status, None)


def _orchestration_list(document: Document) -> None:
    schemas = document["components"]["schemas"]
    whole = schemas.pop("Campaign")
    members = []
    for kind in ("campaign", "recurring", "trigger", "warmup"):
        member = copy.deepcopy(whole)
        member["properties"]["type"] = {"type": "string", "enum": [kind]}
        member["properties"]["channels"]["items"] = {"type": "string", "enum": ["push", "sms", "email"]}
        member["properties"]["source"] = {"type": "string"}
        member["properties"]["created_date"] = {"type": "string", "format": "date-time"}
        schemas["Campaign" if kind == "campaign" else f"{kind.title()}Details"] = member
        members.append(
            {"$ref": f"#/components/schemas/{'Campaign' if kind == 'campaign' else f'{kind.title()}Details'}"}
        )
    schema = _schema(document, _answer(document, "200"))
    schema["properties"]["orchestrations"]["items"] = {"oneOf": members}
    for parameter in _operation(document)["parameters"]:
        if parameter.get("name") in ("status", "channels"):
            parameter["schema"] = {"type": "array", "items": parameter["schema"]}


def _orchestration_stats(document: Document) -> None:
    for parameter in _operation(document)["parameters"]:
        if parameter.get("name") in ("from", "to"):
            parameter |= {"required": True, "schema": {"type": "string", "format": "date"}}
    schemas = document["components"]["schemas"]
    day = schemas["statistics"]["properties"]["details"]["items"]
    versions = day["properties"].pop("versions")
    figures = {name: node for name, node in day["properties"].items() if node.get("type") == "integer"}
    schemas["StatsDetails"] = {"type": "object", "properties": figures}
    base = {"$ref": "#/components/schemas/StatsDetails"}
    version = {"type": "object", "properties": {"version": {"type": "string"}}}
    versions["items"] = {"allOf": [base, version]}
    own = {
        "date": {"type": "string", "format": "date"},
        "platform": {"type": "string", "enum": ["ios", "android", "web"]},
        "versions": versions,
    }
    whole = schemas.pop("statistics")
    whole["properties"]["details"]["items"] = {"allOf": [base, {"type": "object", "properties": own}]}
    schemas["CampaignRecurringAndWarmupStats"] = whole | {"title": "Campaign, Recurring and Warmup Stats"}
    schemas["TriggerStats"] = {"type": "object", "properties": {"id": {"type": "string"}}}
    _operation(document)["responses"]["200"]["content"]["application/json"]["schema"] = {
        "oneOf": [
            {"$ref": f"#/components/schemas/{name}"} for name in ("CampaignRecurringAndWarmupStats", "TriggerStats")
        ]
    }


_REWRITES: dict[str, Callable[[Document], None]] = {
    "audiences/create": _audience_create,
    "audiences/update": _audience_update,
    "audiences/replace": _audience_replace,
    "audiences/list": _audience_list,
    "profiles/update": _profiles,
    "profiles/mass-update": _profiles,
    "profiles/export": _profile_export,
    "exports/view": _exports,
    "exports/list": _exports,
    "campaigns/create": _campaign_create,
    "campaigns/update": _campaign_update,
    "campaigns/delete": _campaign_delete,
    "catalogs/create": _catalog_create,
    "catalogs/view": _catalog_view,
    "catalogs/list": _catalog_list,
    "catalogs/remove": _catalog_remove,
    "catalogs/items-edit": _items_edit,
    "orchestrations/list": _orchestration_list,
    "orchestrations/stats": _orchestration_stats,
}


def _change_operations(pages: dict[str, Document], version: str) -> None:
    """Bring the operations of 2.11 to a later version."""
    if version == "2.11":
        return
    for document in pages.values():
        schemas = document["components"]["schemas"]
        if "Error" in schemas:
            schemas["Error"]["properties"]["request_id"] = {"type": "string", "description": "Id of the request."}
            schemas["Error"]["required"] = [*schemas["Error"].get("required", ()), "request_id"]
        if "oneAudience" in schemas:
            schemas["oneAudience"]["properties"]["owner"] = {"type": "string", "description": "Who looks after it."}
            schemas["oneAudience"]["required"] = [*schemas["oneAudience"].get("required", ()), "owner"]
            schemas["oneAudience"]["properties"]["indexing_state"]["enum"].append("PAUSED")
    pages["segments/view"] = _moved(pages["segments/list"], "get", "/segments/view", _view_segment)
    pages["segments/code"] = _moved(pages["segments/list"], "get", "/segments/{code}", _segment_of_path)
    pages["in-app/create"] = _moved(pages["audiences/create"], "post", "/in-app/create", _in_app)
    pages["webhooks/settings"] = _moved(pages["segments/list"], "get", "/webhooks/settings", _read_settings)
    pages["webhooks/write-settings"] = _moved(pages["audiences/create"], "put", "/webhooks/settings", _write_settings)
    pages["webhooks/login"] = _moved(pages["audiences/create"], "post", "/webhooks/login", _with_cookie)
    if version == "2.13":
        del pages["orchestrations/view"]
        limit = pages["audiences/list"]["paths"]["/audiences/list"]["get"]["parameters"]
        limit.append(
            {"in": "header", "name": "X-Trace-Id", "schema": {"type": "string"}, "description": "For support."}
        )


def _moved(document: Document, method: str, path: str, change: Callable[[Document, Any], None]) -> Document:
    result = copy.deepcopy(document)
    node = copy.deepcopy(_operation(result))
    result["paths"] = {path: {method: node}}
    change(result, node)
    return result


def _view_segment(document: Document, node: Any) -> None:
    code = {"in": "query", "name": "code", "required": True, "schema": {"type": "string"}, "description": "Its code."}
    node["parameters"] = [node["parameters"][0], code]
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/oneSegment"}}}
    node["responses"]["200"] = {"description": "The segment.", "content": content}


def _segment_of_path(document: Document, node: Any) -> None:
    _view_segment(document, node)
    node["parameters"][1] |= {"in": "path"}


def _in_app(document: Document, node: Any) -> None:
    node["parameters"].append({"in": "header", "name": "X-Dry-Run", "schema": {"type": "boolean"}})
    style = {"type": "object", "properties": {"mode": {"type": "string", "enum": ["banner", "modal"]}}}
    node["requestBody"]["content"]["application/json"]["schema"]["properties"]["style"] = style
    created = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}
    node["responses"]["201"] = {"description": "Created.", "content": {"application/json": {"schema": created}}}
    del node["responses"]["202"]


def _read_settings(document: Document, node: Any) -> None:
    node["parameters"] = node["parameters"][:1]
    settings = {
        "type": "object",
        "properties": {"url": {"type": "string"}, "events": {"type": "array", "items": {"type": "string"}}},
    }
    node["responses"]["200"] = {"description": "x", "content": {"application/json": {"schema": settings}}}


def _write_settings(document: Document, node: Any) -> None:
    settings = {"type": "object", "properties": {"url": {"type": "string"}}}
    node["requestBody"]["content"]["application/json"] = {"schema": settings}
    node["responses"]["204"] = {"description": "Written."}
    del node["responses"]["202"]


def _with_cookie(document: Document, node: Any) -> None:
    node["parameters"].append({"in": "cookie", "name": "session", "required": True, "schema": {"type": "string"}})
