"""The operations on catalogs: one module each, and all of them as methods of `Catalogs` and its asyncio twin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ...types import (
    UNSET,
    AsyncCaller,
    AsyncIndexingTask,
    AsyncPages,
    Caller,
    IndexingTask,
    Page,
    Unset,
)
from . import (
    catalog_create,
    catalog_items_edit,
    catalog_list,
    catalog_remove,
    catalog_update,
    catalog_view,
)

if TYPE_CHECKING:
    from ...models.catalog_field import CatalogField
    from ...models.catalog_field_update import CatalogFieldUpdate
    from ...models.catalog_item_edit import CatalogItemEdit
    from ...models.catalog_view import CatalogView


class Catalogs:
    """The operations on catalogs."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def create(
        self,
        *,
        name: str,
        fields: Iterable[CatalogField | Mapping[str, Any]],
    ) -> None:
        """Makes a catalog. A project holds at most 5.

        Args:
            name: Name of the catalog.
            fields: Its fields, at most 25.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/catalogs/create
        First seen in the documentation of API version 2.6.
        """
        self._caller.execute(
            catalog_create,
            body={
                "name": name,
                "fields": fields,
            },
        )

    def items_edit(
        self,
        *,
        name: str,
        items: Iterable[CatalogItemEdit | Mapping[str, Any]],
    ) -> IndexingTask[CatalogView]:
        """Adds items to a catalog or removes some, at most 200 a call.

        Args:
            name: Name of the catalog.
            items: Items and what happens to them.

        Returns:
            The indexing task. The update takes effect in the background; `wait()` returns when it did.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/catalogs/items-edit
        First seen in the documentation of API version 2.6.
        """
        accepted = self._caller.call(
            catalog_items_edit,
            body={
                "name": name,
                "items": items,
            },
        )
        return self._caller.task(name, accepted.indexing_token, self.view)

    def list(
        self,
        *,
        from_: str | Unset = UNSET,
        limit: int = 10,
    ) -> Page[CatalogView]:
        """Reads the project's catalogs page by page.

        Args:
            from_: Opaque cursor: left out on the first call, then the previous page's next_from.
            limit: How many objects a page may hold.

        Returns:
            The first page. Iterating it walks every item, fetching further pages as it goes.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/catalogs/list
        First seen in the documentation of API version 2.6.
        """
        return self._caller.page(
            "catalogs",
            catalog_list,
            from_=from_,
            limit=limit,
        )

    def remove(
        self,
        *,
        name: str,
    ) -> None:
        """Deletes a catalog and its items.

        Args:
            name: Name of the catalog.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/catalogs/remove
        First seen in the documentation of API version 2.6.
        """
        self._caller.execute(
            catalog_remove,
            body={
                "name": name,
            },
        )

    def update(
        self,
        *,
        name: str,
        fields: Iterable[CatalogFieldUpdate | Mapping[str, Any]],
    ) -> None:
        """Adds fields to a catalog or removes some.

        Args:
            name: Name of the catalog.
            fields: What changes.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/catalogs/update
        First seen in the documentation of API version 2.6.
        """
        self._caller.execute(
            catalog_update,
            body={
                "name": name,
                "fields": fields,
            },
        )

    def view(
        self,
        *,
        name: str,
        indexing_token: str | Unset = UNSET,
    ) -> CatalogView:
        """Reads one catalog and, with a token, how far an edit of its items is indexed.

        Args:
            name: Name of the catalog to read.
            indexing_token: Token answered by an edit of items.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/catalogs/view
        First seen in the documentation of API version 2.6.
        """
        answer: CatalogView = self._caller.call(
            catalog_view,
            name=name,
            indexing_token=indexing_token,
        )
        return answer

    def task(self, name: str, token: str) -> IndexingTask[CatalogView]:
        """Take up the task of an indexing token again, in another process or later. Sends nothing by itself.

        Args:
            name: Name of the catalog.
            token: The token that the update answered.
        """
        return self._caller.task(name, token, self.view)


class AsyncCatalogs:
    """The operations on catalogs for asyncio."""

    def __init__(self, caller: AsyncCaller) -> None:
        self._caller = caller

    async def create(
        self,
        *,
        name: str,
        fields: Iterable[CatalogField | Mapping[str, Any]],
    ) -> None:
        """Makes a catalog. A project holds at most 5.

        Args:
            name: Name of the catalog.
            fields: Its fields, at most 25.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/catalogs/create
        First seen in the documentation of API version 2.6.
        """
        await self._caller.execute(
            catalog_create,
            body={
                "name": name,
                "fields": fields,
            },
        )

    async def items_edit(
        self,
        *,
        name: str,
        items: Iterable[CatalogItemEdit | Mapping[str, Any]],
    ) -> AsyncIndexingTask[CatalogView]:
        """Adds items to a catalog or removes some, at most 200 a call.

        Args:
            name: Name of the catalog.
            items: Items and what happens to them.

        Returns:
            The indexing task. The update takes effect in the background; `wait()` returns when it did.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/catalogs/items-edit
        First seen in the documentation of API version 2.6.
        """
        accepted = await self._caller.call(
            catalog_items_edit,
            body={
                "name": name,
                "items": items,
            },
        )
        return self._caller.task(name, accepted.indexing_token, self.view)

    def list(
        self,
        *,
        from_: str | Unset = UNSET,
        limit: int = 10,
    ) -> AsyncPages[CatalogView]:
        """Reads the project's catalogs page by page.

        Args:
            from_: Opaque cursor: left out on the first call, then the previous page's next_from.
            limit: How many objects a page may hold.

        Returns:
            The list, not fetched yet: `async for` walks every item, `await` gives the first page.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/catalogs/list
        First seen in the documentation of API version 2.6.
        """
        return self._caller.page(
            "catalogs",
            catalog_list,
            from_=from_,
            limit=limit,
        )

    async def remove(
        self,
        *,
        name: str,
    ) -> None:
        """Deletes a catalog and its items.

        Args:
            name: Name of the catalog.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/catalogs/remove
        First seen in the documentation of API version 2.6.
        """
        await self._caller.execute(
            catalog_remove,
            body={
                "name": name,
            },
        )

    async def update(
        self,
        *,
        name: str,
        fields: Iterable[CatalogFieldUpdate | Mapping[str, Any]],
    ) -> None:
        """Adds fields to a catalog or removes some.

        Args:
            name: Name of the catalog.
            fields: What changes.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/catalogs/update
        First seen in the documentation of API version 2.6.
        """
        await self._caller.execute(
            catalog_update,
            body={
                "name": name,
                "fields": fields,
            },
        )

    async def view(
        self,
        *,
        name: str,
        indexing_token: str | Unset = UNSET,
    ) -> CatalogView:
        """Reads one catalog and, with a token, how far an edit of its items is indexed.

        Args:
            name: Name of the catalog to read.
            indexing_token: Token answered by an edit of items.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/catalogs/view
        First seen in the documentation of API version 2.6.
        """
        answer: CatalogView = await self._caller.call(
            catalog_view,
            name=name,
            indexing_token=indexing_token,
        )
        return answer

    def task(self, name: str, token: str) -> AsyncIndexingTask[CatalogView]:
        """Take up the task of an indexing token again, in another process or later. Sends nothing by itself.

        Args:
            name: Name of the catalog.
            token: The token that the update answered.
        """
        return self._caller.task(name, token, self.view)
