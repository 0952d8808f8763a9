"""Pages of lists, which fetch the ones after them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from typing import Any, Self, TypeVar

from batch_client.errors import BatchError
from batch_generated.types import UNSET, AsyncPage, AsyncPages, Page

ItemT = TypeVar("ItemT")


class _Listed:
    """What a list operation answered: the same for both twins.

    Args:
        cursors: The cursor of each page of this list so far, with the number of its page.
        number: This page's.
    """

    def __init__(self, answer: Any, items: str, cursors: dict[Any, int], number: int) -> None:
        self.items: list[Any] = getattr(answer, items) or []
        count = getattr(answer, "count", UNSET)
        self.count: int | None = count if isinstance(count, int) else None
        self.next_from: str | None = answer.next_from or None
        # Without a cursor there is no way on, whatever has_more says.
        self.has_more: bool = answer.has_more is not False and self.next_from is not None
        self._cursors = cursors
        self._number = number

    def following(self) -> str | None:
        """Return the cursor of the next page; None if this is the last.

        Raises:
            BatchError: it is that of a page before, so that the list would never end.
        """
        if not self.has_more:
            return None
        if not isinstance(self.next_from, str):
            raise BatchError("the API gave a cursor that is not a string; what the pages so far held is right")
        if self._cursors.setdefault(self.next_from, self._number + 1) != self._number + 1:
            raise BatchError(
                f"the API repeats a cursor after {self._number} pages, so that this list would never end; "
                "what the pages so far held is right, what follows is not known"
            )
        return self.next_from

    def __repr__(self) -> str:
        return f"<{len(self.items)} items, count={self.count}, has_more={self.has_more}>"


class FetchedPage(_Listed, Page[ItemT]):
    """A page that knows how to fetch the page of a cursor, and with which one it was fetched itself."""

    def __init__(
        self,
        answer: Any,
        items: str,
        fetch: Callable[[str], Any],
        cursors: dict[Any, int],
        number: int = 1,
    ) -> None:
        super().__init__(answer, items, cursors, number)
        self._items = items
        self._fetch = fetch

    def next_page(self) -> Self | None:
        cursor = self.following()
        if cursor is None:
            return None
        return type(self)(self._fetch(cursor), self._items, self._fetch, self._cursors, self._number + 1)

    def pages(self) -> Iterator[Self]:
        page: Self | None = self
        while page is not None:
            yield page
            page = page.next_page()

    def __iter__(self) -> Iterator[ItemT]:
        for page in self.pages():
            yield from page.items


class AsyncFetchedPage(_Listed, AsyncPage[ItemT]):
    """The twin of `FetchedPage` for asyncio."""

    def __init__(
        self,
        answer: Any,
        items: str,
        fetch: Callable[[str], Awaitable[Any]],
        cursors: dict[Any, int],
        number: int = 1,
    ) -> None:
        super().__init__(answer, items, cursors, number)
        self._items = items
        self._fetch = fetch

    async def next_page(self) -> Self | None:
        cursor = self.following()
        if cursor is None:
            return None
        return type(self)(await self._fetch(cursor), self._items, self._fetch, self._cursors, self._number + 1)

    async def pages(self) -> AsyncIterator[Self]:
        page: Self | None = self
        while page is not None:
            yield page
            page = await page.next_page()

    async def __aiter__(self) -> AsyncIterator[ItemT]:
        async for page in self.pages():
            for item in page.items:
                yield item


class FetchedPages(AsyncPages[ItemT]):
    """A list whose first page is fetched when it is awaited or walked."""

    def __init__(self, first: Callable[[], Awaitable[AsyncFetchedPage[ItemT]]]) -> None:
        self._first = first

    def __await__(self) -> Generator[Any, None, AsyncPage[ItemT]]:
        return self._first().__await__()

    async def __aiter__(self) -> AsyncIterator[ItemT]:
        async for item in await self._first():
            yield item
