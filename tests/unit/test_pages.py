"""Lists: pages are fetched as they are walked, and every item comes once."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from batch_client import BatchError
from tests.calls import AUDIENCE, complete
from tests.conftest import Twin


class Server:
    """Serves so many audiences, whose numbers are the cursors."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.queries: list[dict[str, str]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        query = dict(request.url.params)
        self.queries.append(query)
        start, limit = int(query.get("from", 0)), int(query["limit"])
        end = min(start + limit, self.total)
        answer: dict[str, Any] = {
            "audiences": [AUDIENCE | {"name": str(number)} for number in range(start, end)],
            "has_more": end < self.total,
        }
        if "from" not in query:
            answer["count"] = self.total
        if end < self.total:
            answer["next_from"] = str(end)
        return httpx.Response(200, json=complete("audience_list", answer))


async def first(twin: Twin, server: Server, **arguments: Any) -> Any:
    return await twin.finish(twin.make(server).audiences.list(**arguments))


async def test_walking_a_list_gives_every_item_of_every_page(twin: Twin) -> None:
    server = Server(25)
    names = [audience.name for audience in await twin.items(twin.make(server).audiences.list(limit=10))]
    assert names == [str(number) for number in range(25)]
    assert server.queries == [{"limit": "10"}, {"limit": "10", "from": "10"}, {"limit": "10", "from": "20"}]


async def test_page_shows_its_items_and_the_count(twin: Twin) -> None:
    page = await first(twin, Server(25), limit=10)
    assert ([a.name for a in page.items][-1], page.count, page.has_more, page.next_from) == ("9", 25, True, "10")
    following = await twin.finish(page.next_page())
    assert (following.items[0].name, following.count) == ("10", None)
    last = await twin.finish(following.next_page())
    assert (len(last.items), last.has_more, last.next_from) == (5, False, None)
    assert await twin.finish(last.next_page()) is None
    assert repr(page) == "<10 items, count=25, has_more=True>"


async def test_pages_walks_pages(twin: Twin) -> None:
    page = await first(twin, Server(25), limit=10)
    assert [len(page.items) for page in await twin.items(page.pages())] == [10, 10, 5]


async def test_list_begins_at_a_cursor(twin: Twin) -> None:
    page = await first(twin, Server(25), limit=10, from_="20")
    assert ([a.name for a in page.items], page.count) == (["20", "21", "22", "23", "24"], None)


async def test_empty_list(twin: Twin) -> None:
    page = await first(twin, Server(0))
    assert (page.items, page.count, page.has_more) == ([], 0, False)


async def test_more_without_a_cursor_ends(twin: Twin) -> None:
    batch = twin.make(
        lambda _: httpx.Response(200, json=complete("audience_list", {"audiences": [AUDIENCE], "has_more": True}))
    )
    assert len(await twin.items(batch.audiences.list())) == 1


@pytest.mark.fault("a list's cursors repeat, be it after one page or many", "an error after the pages that differ")
@pytest.mark.parametrize("begin", [{}, {"from_": "a"}], ids=["from the first page", "from a cursor"])
@pytest.mark.parametrize("cursors", ["aa", "aba", "abcb"])
async def test_cursor_that_was_there_before_is_an_error(cursors: str, begin: dict[str, str], twin: Twin) -> None:
    following = iter(cursors[len(begin) :] + cursors * 3)

    def answer(_: httpx.Request) -> httpx.Response:
        more = {"has_more": True, "next_from": next(following)}
        return httpx.Response(200, json=complete("audience_list", {"audiences": [AUDIENCE]} | more))

    pages = twin.make(answer).audiences.list(**begin)
    with pytest.raises(BatchError, match="the API repeats a cursor") as raised:
        await twin.items(pages)
    seen = len(set(cursors)) + (0 if begin else 1)
    assert f"after {seen} pages" in str(raised.value)


async def test_page_can_be_fetched_again(twin: Twin) -> None:
    page = await first(twin, Server(25), limit=10)
    again = [await twin.finish(page.next_page()) for _ in range(2)]
    assert again[0].next_from == again[1].next_from


@pytest.mark.parametrize("cursor", [["a"], {"a": 1}, 5, True])
async def test_cursor_that_is_not_a_string_is_an_error(cursor: Any, twin: Twin) -> None:
    answer = complete("audience_list", {"audiences": [AUDIENCE], "has_more": True}) | {"next_from": cursor}

    async def walk() -> None:
        await twin.items(twin.make(lambda _: httpx.Response(200, json=answer)).audiences.list())

    with pytest.raises(BatchError):
        await walk()
