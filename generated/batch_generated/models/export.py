from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.export_status import ExportStatus
from ..reading import items_of, members_by_value, parse_datetime, properties_of, required_value
from ..values import UNSET, Unset
from ..writing import Model

if TYPE_CHECKING:
    from ..models.export_file import ExportFile
    from ..models.export_request import ExportRequest


_EXPORT_STATUS = members_by_value(ExportStatus)

_PROPERTIES = frozenset(
    {
        "id",
        "request_date",
        "scope",
        "status",
        "files",
        "request",
        "completion_date",
        "start_date",
    }
)


@_attrs_define(kw_only=True)
class Export(Model):
    """An export and, once it has succeeded, its files.

    Attributes:
        id (str): Id of an export request.
        request_date (datetime.datetime): UTC date in a RFC 3339 format.
        scope (str): The scope of an export, such as `PROFILE_ATTRIBUTES`.
        status (ExportStatus): The status of an export request. `CREATED`: not yet pending. `PENDING`: ready to
            be executed. `RUNNING`: being executed. `SUCCESS`: finished, its files can be downloaded. `ERROR`:
            failed.
        files (list[ExportFile]): All files of the export, once its status is `SUCCESS`.
        request (ExportRequest): The body of the export request.
        completion_date (datetime.datetime | Unset): UTC date in a RFC 3339 format.
        start_date (datetime.datetime | Unset): UTC date in a RFC 3339 format.
    """

    id: str
    request_date: datetime.datetime
    scope: str
    status: ExportStatus
    files: list[ExportFile]
    request: ExportRequest
    completion_date: datetime.datetime | Unset = UNSET
    start_date: datetime.datetime | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(factory=dict)

    def _members(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            **self.additional_properties,
            "id": self.id,
            "request_date": self.request_date,
            "scope": self.scope,
            "status": self.status,
            "files": self.files,
            "request": self.request,
        }
        if self.completion_date is not UNSET:
            members["completion_date"] = self.completion_date
        else:
            members.pop("completion_date", None)
        if self.start_date is not UNSET:
            members["start_date"] = self.start_date
        else:
            members.pop("start_date", None)
        return members

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        from ..models.export_file import ExportFile
        from ..models.export_request import ExportRequest

        d = src_dict if type(src_dict) is dict else properties_of(src_dict, "Export")
        others = len(d) - 8
        id = d.get("id")
        if id is None:
            id = required_value(d, "id", "Export")
        request_date = d.get("request_date")
        if request_date is None:
            request_date = required_value(d, "request_date", "Export")
        request_date = parse_datetime(request_date)
        scope = d.get("scope")
        if scope is None:
            scope = required_value(d, "scope", "Export")
        status = d.get("status")
        if status is None:
            status = required_value(d, "status", "Export")
        try:
            status = _EXPORT_STATUS[status]
        except (KeyError, TypeError):
            status = ExportStatus(status)
        files = d.get("files")
        if files is None:
            files = required_value(d, "files", "Export", nullable=True)
        files = [ExportFile.from_dict(item) for item in items_of(files, "files")]
        request = d.get("request")
        if request is None:
            request = required_value(d, "request", "Export")
        request = ExportRequest.from_dict(request)
        completion_date = d.get("completion_date")
        if completion_date is None or completion_date is UNSET:
            completion_date = UNSET
            others += "completion_date" not in d
        else:
            completion_date = parse_datetime(completion_date)
        start_date = d.get("start_date")
        if start_date is None or start_date is UNSET:
            start_date = UNSET
            others += "start_date" not in d
        else:
            start_date = parse_datetime(start_date)
        additional_properties = {key: d[key] for key in d if key not in _PROPERTIES} if others else {}
        self = cls.__new__(cls)
        self.__init__(  # type: ignore[misc] # what calling the class does, without packing the arguments twice
            id=id,
            request_date=request_date,
            scope=scope,
            status=status,
            files=files,
            request=request,
            completion_date=completion_date,
            start_date=start_date,
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
