"""Decides what the resource classes look like: their methods, what these take and return, and what they import."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import evolve, frozen
from openapi_python_client.parser.openapi import Endpoint, EndpointCollection
from openapi_python_client.parser.properties import AnyProperty, ModelProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.protocol import PropertyProtocol
from openapi_python_client.parser.responses import Response
from openapi_python_client.strings import ClassName, safe_for_docstring, snake_case

from scripts.codegen.arguments import Argument, accepted_type, make_argument, model_imports, parameters_of, type_of

Facts = Mapping[str, Any]
"""What the document says of an operation and the generator does not hand on; see `facts.template_facts`."""

_CURSOR, _TOKEN = "from", "indexing_token"


@frozen
class Shape:
    """What a method returns: a task where the response holds an indexing token, a page where it holds a cursor."""

    kind: str
    """task, job, page, location, model or nothing."""
    type: str = ""
    """The type that is read in the end, or of one item of a page; empty where nothing is."""
    items: str = ""
    """The member of a page that holds its items."""

    def annotation(self, *, is_async: bool) -> str:
        """Return the annotation of the method; `list` is a method of some resources."""
        twin = "Async" if is_async else ""
        returns = {
            "task": f"{twin}IndexingTask[{self.type or 'None'}]",
            "job": f"{twin}ExportJob[{self.type}]",
            "page": f"{'AsyncPages' if is_async else 'Page'}[{self.type}]",
            "nothing": "None",
        }
        return returns.get(self.kind, self.type).replace("list[", "builtins.list[")


@frozen
class Method:
    """A method of a resource, sync or async."""

    name: str
    operation: str
    """The id of the operation, which is also the name of its module."""
    shape: Shape
    body: str | None
    """The type of the body where it is one argument."""
    body_text: str
    members: tuple[Argument, ...]
    """The members of the body where each is an argument."""
    parameters: tuple[Argument, ...]
    facts: Facts

    @property
    def keywords(self) -> list[Argument]:
        """The keyword arguments, in the order of the documentation."""
        path = [argument for argument in self.parameters if argument.where == "path"]
        others = [argument for argument in self.parameters if argument.where != "path"]
        return [*path, *self.members, *others]

    @property
    def declared(self) -> list[Argument]:
        """The keyword arguments with those that must be given first."""
        return sorted(self.keywords, key=lambda argument: argument.default is not None)

    @property
    def name_of_task(self) -> str:
        """The code of the name that a task is polled by, a string whatever the caller passes."""
        is_text = any(one.name == "name" and one.default is None and one.type == "str" for one in self.members)
        return "name" if is_text else "str(name)"


@frozen
class Resource:
    """The operations of one tag."""

    tag: str
    singular: str
    class_name: str
    methods: tuple[Method, ...]
    view: Method | None
    """The method that tells the state of an indexing token."""
    view_type: str
    job_types: tuple[str, ...]
    """What shows a job, for each method that does."""
    imports: tuple[str, ...]
    """Of the models that its annotations name."""

    @property
    def interfaces(self) -> list[str]:
        """The interfaces that its annotations name."""
        kinds = {method.shape.kind for method in self.methods}
        names = ["Caller"]
        names += ["ExportJob"] if "job" in kinds or self.job_types else []
        names += ["IndexingTask"] if "task" in kinds or self.view else []
        twins = [f"Async{name}" for name in names]
        return sorted([*names, *twins, *(["Page", "AsyncPages"] if "page" in kinds else [])])


def describe_resource(collection: EndpointCollection, operations: Mapping[str, Facts]) -> Resource:
    """Return what the class of a tag looks like.

    Args:
        operations: The facts of each operation, by id.
    """
    tag = str(collection.tag)
    endpoints = collection.endpoints
    view = _view_of_tokens(endpoints)
    methods = {endpoint.name: _method(endpoint, view, operations[endpoint.name]) for endpoint in endpoints}
    view_type = _success_type(view) if view else ""
    job_types = tuple(_success_type(one) or "None" for one in endpoints if operations[one.name]["views_job"])
    resource = Resource(
        tag=tag,
        singular=tag.removesuffix("s"),
        class_name=str(ClassName(tag, "field_")),
        methods=tuple(methods.values()),
        view=methods[view.name] if view else None,
        view_type=view_type or "None",
        job_types=job_types,
        imports=(),
    )
    return _with_imports(resource, endpoints)


def _method(endpoint: Endpoint, view: Endpoint | None, facts: Facts) -> Method:
    members = tuple(_members_of_body(endpoint, facts))
    body = endpoint.bodies[0].prop if endpoint.bodies else None
    text = "What is sent, as a model or as a plain dict."
    return Method(
        name=facts["method_name"],
        operation=str(endpoint.name),
        shape=_shape(endpoint, view, facts, has_name=any(one.name == "name" for one in members)),
        body=accepted_type(body) if body is not None and not members else None,
        body_text=safe_for_docstring(body.description) if body is not None and body.description else text,
        members=members,
        parameters=tuple(parameters_of(endpoint, facts["descriptions"])),
        facts=facts,
    )


def _members_of_body(endpoint: Endpoint, facts: Facts) -> list[Argument]:
    """Return the members of an object as body, each an argument, unless a parameter has the name of one."""
    body = endpoint.bodies[0].prop if endpoint.bodies else None
    if not isinstance(body, ModelProperty):
        return []
    members = _properties(body)
    parameters = (*endpoint.path_parameters, *endpoint.query_parameters, *endpoint.header_parameters)
    taken = {str(one.python_name) for one in parameters} | {"body"}
    if any(str(member.python_name) in taken for member in members):
        return []
    return [make_argument(member, "body", facts["descriptions"]) for member in members]


def _view_of_tokens(endpoints: Iterable[Endpoint]) -> Endpoint | None:
    """Return the operation that tells the state of an indexing token."""
    found = None
    for endpoint in endpoints:
        takes_token = any(one.name.get_untrusted_value() == _TOKEN for one in endpoint.query_parameters)
        if takes_token and endpoint.method == "get" and (found is None or endpoint.name.endswith("_view")):
            found = endpoint
    return found


def _shape(endpoint: Endpoint, view: Endpoint | None, facts: Facts, *, has_name: bool) -> Shape:
    if facts["job"]:
        return Shape("job", facts["job"])
    own = _success_type(endpoint)
    shape = Shape("model", own) if own else Shape("nothing")
    pages = any(one.name.get_untrusted_value() == _CURSOR for one in endpoint.query_parameters)
    for response in endpoint.responses.patterns:
        headers = getattr(response.data, "headers", None) or {}
        if _has_status(response, 3) and "Location" in headers:
            shape = Shape("location", "str")
        elif _has_status(response, 2) and isinstance(response.prop, ModelProperty):
            members = {member.name.get_untrusted_value(): member for member in _properties(response.prop)}
            if _TOKEN in members and view is not None:
                # A task is polled by name and token; without a name there is only the token to return.
                viewed = "" if facts["removes_viewed"] else _success_type(view)
                shape = Shape("task", viewed) if has_name else Shape("model", own)
            elif pages and {"has_more", "next_from"} <= members.keys():
                for member in members.values():
                    if isinstance(member, ListProperty):
                        shape = Shape("page", type_of(member.inner_property), str(member.python_name))
    return shape


def _success_type(endpoint: Endpoint) -> str:
    """Return the type of what an operation answers; empty if that is nothing, or an object without known members."""
    types = {
        type_of(response.prop)
        for response in endpoint.responses.patterns
        if _has_status(response, 2) and response.source["attribute"] != "None" and _says_something(response.prop)
    }
    return " | ".join(sorted(types, key=str.lower))


def _says_something(prop: PropertyProtocol) -> bool:
    if not isinstance(prop, ModelProperty) or _properties(prop):
        return True
    return prop.additional_properties is not None and not isinstance(prop.additional_properties, AnyProperty)


def _has_status(response: Response, hundreds: int) -> bool:
    codes = response.status_code.range
    return codes is not None and codes[0] // 100 == hundreds


def _properties(model: ModelProperty) -> list[PropertyProtocol]:
    return [*(model.required_properties or ()), *(model.optional_properties or ())]


def _with_imports(resource: Resource, endpoints: Iterable[Endpoint]) -> Resource:
    """Return a resource that imports the models which its annotations name."""
    annotations = [resource.view_type, *resource.job_types]
    for method in resource.methods:
        annotations += [method.body or "", method.shape.type, *(argument.type for argument in method.keywords)]
    named = {word for annotation in annotations for word in re.findall(r"\w+", annotation)}
    lines = {line for endpoint in endpoints for line in _imports_of(endpoint)}
    jobs = {method.facts["job"] for method in resource.methods} - {""}
    lines |= {f"from ...models.{snake_case(job)} import {job}" for job in jobs}
    used = sorted((line for line in lines if line.rpartition(" ")[2] in named), key=str.lower)
    return evolve(resource, imports=tuple(used))


def _imports_of(endpoint: Endpoint) -> Iterator[str]:
    """Yield the imports of the models that an operation takes and answers."""
    answers = [response.prop for response in endpoint.responses.patterns if _has_status(response, 2)]
    for prop in (*endpoint.list_all_parameters(), *answers):
        yield from model_imports(prop)
        if isinstance(prop, ModelProperty):
            for member in _properties(prop):
                yield from model_imports(member)
