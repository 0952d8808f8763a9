from ..types import OpenStrEnum


class ExportStatus(OpenStrEnum):
    """How far the export is."""

    CREATED = "CREATED"
    ERROR = "ERROR"
    PENDING = "PENDING"
    RUNNING = "RUNNING"
    SUCCESS = "SUCCESS"
