from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.export_status import ExportStatus
from ..types import (
    UNSET,
    Unset,
    items_of,
    parse_datetime,
    properties_of,
    take_optional,
    take_required,
    to_json,
)

if TYPE_CHECKING:
    from ..models.export_file import ExportFile
    from ..models.export_request import ExportRequest


@_attrs_define(kw_only=True)
class Export:
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

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object; properties that are UNSET are left out."""
        result: dict[str, Any] = to_json(
            {
                **self.additional_properties,
                "id": self.id,
                "request_date": self.request_date,
                "scope": self.scope,
                "status": self.status,
                "files": self.files,
                "request": self.request,
                "completion_date": self.completion_date,
                "start_date": self.start_date,
            }
        )
        return result

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read the JSON object; raise `errors.UnexpectedShape`, a ValueError, if it is not of this shape."""
        from ..models.export_file import ExportFile
        from ..models.export_request import ExportRequest

        d = properties_of(src_dict, "Export")
        id = take_required(d, "id", "Export")

        request_date = parse_datetime(take_required(d, "request_date", "Export"))

        scope = take_required(d, "scope", "Export")

        status = ExportStatus(take_required(d, "status", "Export"))

        _files = take_required(d, "files", "Export", nullable=True)
        files = []
        for files_item_data in items_of(_files, "files"):
            files_item = ExportFile.from_dict(files_item_data)

            files.append(files_item)

        request = ExportRequest.from_dict(take_required(d, "request", "Export"))

        _completion_date = take_optional(d, "completion_date")
        completion_date: datetime.datetime | Unset
        if isinstance(_completion_date, Unset):
            completion_date = UNSET
        else:
            completion_date = parse_datetime(_completion_date)

        _start_date = take_optional(d, "start_date")
        start_date: datetime.datetime | Unset
        if isinstance(_start_date, Unset):
            start_date = UNSET
        else:
            start_date = parse_datetime(_start_date)

        return cls(
            id=id,
            request_date=request_date,
            scope=scope,
            status=status,
            files=files,
            request=request,
            completion_date=completion_date,
            start_date=start_date,
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
