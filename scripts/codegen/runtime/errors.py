"""Errors that generated functions raise by themselves."""


class UnexpectedStatus(Exception):
    """The API answered with a status that the document does not list; raised only on request, see `Client`."""

    def __init__(self, status_code: int, content: bytes) -> None:
        self.status_code = status_code
        self.content = content
        super().__init__(f"unexpected status {status_code}")


class UnexpectedShape(ValueError):
    """An answer is not of the shape that the document promises; the message says where."""


__all__ = ["UnexpectedShape", "UnexpectedStatus"]
