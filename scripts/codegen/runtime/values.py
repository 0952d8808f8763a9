"""Values that models are made of: UNSET, enums that take unknown values, and the response of a detailed call."""

from collections.abc import MutableMapping
from enum import IntEnum, StrEnum
from http import HTTPStatus
from typing import Generic, Literal, NamedTuple, Self, TypeVar

T = TypeVar("T")


class Unset:
    """The type of UNSET, which stands for a value that is absent; None stands for null."""

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"

    def __reduce__(self) -> str:
        return "UNSET"


UNSET: Unset = Unset()


class OpenIntEnum(IntEnum):
    """An enum that takes a value unknown to the document as a member equal to its number, and never refuses one."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, int):
            return None
        member = int.__new__(cls, value)
        member._name_ = str(value)
        member._value_ = value
        return member

    def __str__(self) -> str:
        return str(self.value)


class OpenStrEnum(StrEnum):
    """An enum that takes a value unknown to the document as a member equal to its string, and never refuses one."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = value
        member._value_ = value
        return member


class Response(NamedTuple, Generic[T]):
    """A response as it came: what the `*_detailed` functions return, whatever the status."""

    status_code: HTTPStatus | int
    """An `HTTPStatus`, or the number of a status that Python does not know."""
    content: bytes
    headers: MutableMapping[str, str]
    parsed: T | None
    """The model of the content; None where that is not as documented."""


def status_of(code: int) -> HTTPStatus | int:
    """Return the status of a code, or the code if Python does not know it, such as the 520 of a gateway."""
    try:
        return HTTPStatus(code)
    except ValueError:
        return code
