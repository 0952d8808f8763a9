"""The operations on segments: one module each, and all of them as methods of `Segments` and its asyncio twin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...values import UNSET, Unset

if TYPE_CHECKING:
    from ...interfaces import (
        AsyncCaller,
        AsyncPages,
        Caller,
        Page,
    )
    from ...models.segment import Segment


class Segments:
    """The operations on segments."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def list(
        self,
        *,
        from_: str | Unset = UNSET,
        limit: int = 10,
    ) -> Page[Segment]:
        """List the segments of the project.

        Args:
            from_: The `next_from` of the previous page. Leave it out to get the first page.
            limit: Maximum number of objects to return.

        Returns:
            The first page. Iterating it walks every item, fetching further pages as it goes.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/segments/list
        First seen in the documentation of API version 2.11.
        """
        from . import segment_list

        return self._caller.page(
            "segments",
            segment_list,
            from_=from_,
            limit=limit,
        )


class AsyncSegments:
    """The operations on segments for asyncio."""

    def __init__(self, caller: AsyncCaller) -> None:
        self._caller = caller

    def list(
        self,
        *,
        from_: str | Unset = UNSET,
        limit: int = 10,
    ) -> AsyncPages[Segment]:
        """List the segments of the project.

        Args:
            from_: The `next_from` of the previous page. Leave it out to get the first page.
            limit: Maximum number of objects to return.

        Returns:
            The list, not fetched yet: `async for` walks every item, `await` gives the first page.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/segments/list
        First seen in the documentation of API version 2.11.
        """
        from . import segment_list

        return self._caller.page(
            "segments",
            segment_list,
            from_=from_,
            limit=limit,
        )
