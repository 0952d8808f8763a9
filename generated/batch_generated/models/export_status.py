from ..values import OpenStrEnum


class ExportStatus(OpenStrEnum):
    """The status of an export request. `CREATED`: not yet pending. `PENDING`: ready to be executed. `RUNNING`: being
    executed. `SUCCESS`: finished, its files can be downloaded. `ERROR`: failed."""

    CREATED = "CREATED"
    ERROR = "ERROR"
    PENDING = "PENDING"
    RUNNING = "RUNNING"
    SUCCESS = "SUCCESS"
