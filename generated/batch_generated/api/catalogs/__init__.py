"""The operations on catalogs: one module each, and all of them as methods of `Catalogs` and its asyncio twin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ...values import UNSET, Unset

if TYPE_CHECKING:
    from ...interfaces import (
        AsyncCaller,
        AsyncIndexingTask,
        AsyncPages,
        Caller,
        IndexingTask,
        Page,
    )
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
        """Create a catalog. A project holds at most 5.

        Args:
            name: Unique identifier of the catalog.
            fields: The fields of the catalog's items, at most 25.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/catalogs/create
        First seen in the documentation of API version 2.6.
        """
        from . import catalog_create

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
        """Adds, updates or removes catalog items by ID

        Args:
            name: Unique identifier of the catalog.
            items: The items to add, update or remove.

        Returns:
            The indexing task. The update takes effect in the background; `wait()` returns when it did.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/catalogs/edit-items
        First seen in the documentation of API version 2.6.
        """
        from . import catalog_items_edit, catalog_view

        accepted = self._caller.call(
            catalog_items_edit,
            body={
                "name": name,
                "items": items,
            },
        )
        return self._caller.task(name, accepted.indexing_token, catalog_view)

    def list(
        self,
        *,
        from_: str | Unset = UNSET,
        limit: int = 10,
    ) -> Page[CatalogView]:
        """List the catalogs of the project.

        Args:
            from_: The `next_from` of the previous page. Leave it out to get the first page.
            limit: Maximum number of objects to return.

        Returns:
            The first page. Iterating it walks every item, fetching further pages as it goes.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/catalogs/list
        First seen in the documentation of API version 2.6.
        """
        from . import catalog_list

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
        """Delete a catalog and all its items.

        Args:
            name: Unique identifier of the catalog.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/catalogs/remove
        First seen in the documentation of API version 2.6.
        """
        from . import catalog_remove

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
        """Add fields to a catalog or remove fields from it.

        Args:
            name: Unique identifier of the catalog.
            fields: The fields to add or remove. A field to add needs a type.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/catalogs/update
        First seen in the documentation of API version 2.6.
        """
        from . import catalog_update

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
        """View a catalog.

        Args:
            name: Unique identifier of the catalog.
            indexing_token: The indexing token returned by catalogs/items/edit.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/catalogs/view
        First seen in the documentation of API version 2.6.
        """
        from . import catalog_view

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
        from . import catalog_view

        return self._caller.task(name, token, catalog_view)


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
        """Create a catalog. A project holds at most 5.

        Args:
            name: Unique identifier of the catalog.
            fields: The fields of the catalog's items, at most 25.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/catalogs/create
        First seen in the documentation of API version 2.6.
        """
        from . import catalog_create

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
        """Adds, updates or removes catalog items by ID

        Args:
            name: Unique identifier of the catalog.
            items: The items to add, update or remove.

        Returns:
            The indexing task. The update takes effect in the background; `wait()` returns when it did.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/catalogs/edit-items
        First seen in the documentation of API version 2.6.
        """
        from . import catalog_items_edit, catalog_view

        accepted = await self._caller.call(
            catalog_items_edit,
            body={
                "name": name,
                "items": items,
            },
        )
        return self._caller.task(name, accepted.indexing_token, catalog_view)

    def list(
        self,
        *,
        from_: str | Unset = UNSET,
        limit: int = 10,
    ) -> AsyncPages[CatalogView]:
        """List the catalogs of the project.

        Args:
            from_: The `next_from` of the previous page. Leave it out to get the first page.
            limit: Maximum number of objects to return.

        Returns:
            The list, not fetched yet: `async for` walks every item, `await` gives the first page.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/catalogs/list
        First seen in the documentation of API version 2.6.
        """
        from . import catalog_list

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
        """Delete a catalog and all its items.

        Args:
            name: Unique identifier of the catalog.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/catalogs/remove
        First seen in the documentation of API version 2.6.
        """
        from . import catalog_remove

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
        """Add fields to a catalog or remove fields from it.

        Args:
            name: Unique identifier of the catalog.
            fields: The fields to add or remove. A field to add needs a type.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/catalogs/update
        First seen in the documentation of API version 2.6.
        """
        from . import catalog_update

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
        """View a catalog.

        Args:
            name: Unique identifier of the catalog.
            indexing_token: The indexing token returned by catalogs/items/edit.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/catalogs/view
        First seen in the documentation of API version 2.6.
        """
        from . import catalog_view

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
        from . import catalog_view

        return self._caller.task(name, token, catalog_view)
