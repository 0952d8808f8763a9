"""The operations on audiences: one module each, and all of them as methods of `Audiences` and its asyncio twin."""

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
    from ...models.audience_id import AudienceId
    from ...models.audience_id_update import AudienceIdUpdate
    from ...models.audience_view import AudienceView


class Audiences:
    """The operations on audiences."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def create(
        self,
        *,
        name: str,
        type: str,
        display_name: str | Unset = UNSET,
    ) -> IndexingTask[AudienceView]:
        """Create an audience.

        Args:
            name: The audience name value must be a string that only contains letters (a-z, A-Z), numbers (0-9)
                or the following characters : _, -. Audience names can be up to 255 characters long. They are case
                sensitive.
            type: The kind of ids in the audience, such as `custom_ids`.
            display_name: The name of the audience on the dashboard.

        Returns:
            The indexing task. The update takes effect in the background; `wait()` returns when it did.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/audiences/create
        First seen in the documentation of API version 2.1.
        """
        from . import audience_create, audience_view

        accepted = self._caller.call(
            audience_create,
            body={
                "name": name,
                "type": type,
                "display_name": display_name,
            },
        )
        return self._caller.task(name, accepted.indexing_token, audience_view)

    def list(
        self,
        *,
        from_: str | Unset = UNSET,
        limit: int = 10,
    ) -> Page[AudienceView]:
        """List the audiences of the project.

        Args:
            from_: The `next_from` of the previous page. Leave it out to get the first page.
            limit: Maximum number of objects to return.

        Returns:
            The first page. Iterating it walks every item, fetching further pages as it goes.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/audiences/list
        First seen in the documentation of API version 2.1.
        """
        from . import audience_list

        return self._caller.page(
            "audiences",
            audience_list,
            from_=from_,
            limit=limit,
        )

    def remove(
        self,
        *,
        name: str,
    ) -> IndexingTask[None]:
        """Delete an audience.

        Args:
            name: The name of the existing audience you want this operation to be applied to.

        Returns:
            The indexing task. The update takes effect in the background; `wait()` returns when it did.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/audiences/remove
        First seen in the documentation of API version 2.1.
        """
        from . import audience_remove, audience_view

        accepted = self._caller.call(
            audience_remove,
            body={
                "name": name,
            },
        )
        return self._caller.task(name, accepted.indexing_token, audience_view, removes_viewed=True)

    def replace(
        self,
        *,
        name: str,
        ids: Iterable[AudienceId | Mapping[str, Any]],
    ) -> IndexingTask[AudienceView]:
        """Replace all ids of an audience. Earlier updates then have the indexing state `REPLACED`.

        Args:
            name: The name of the existing audience you want this operation to be applied to.
            ids: The ids that the audience holds afterwards.

        Returns:
            The indexing task. The update takes effect in the background; `wait()` returns when it did.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/audiences/replace
        First seen in the documentation of API version 2.1.
        """
        from . import audience_replace, audience_view

        accepted = self._caller.call(
            audience_replace,
            body={
                "name": name,
                "ids": ids,
            },
        )
        return self._caller.task(name, accepted.indexing_token, audience_view)

    def update(
        self,
        *,
        name: str,
        ids: Iterable[AudienceIdUpdate | Mapping[str, Any]],
    ) -> IndexingTask[AudienceView]:
        """Add ids to an audience or remove ids from it. If an id occurs more than once, its last action is applied.

        Args:
            name: The name of the existing audience you want this operation to be applied to.
            ids: The ids to add or remove, at most 10,000.

        Returns:
            The indexing task. The update takes effect in the background; `wait()` returns when it did.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/audiences/update
        First seen in the documentation of API version 2.1.
        """
        from . import audience_update, audience_view

        accepted = self._caller.call(
            audience_update,
            body={
                "name": name,
                "ids": ids,
            },
        )
        return self._caller.task(name, accepted.indexing_token, audience_view)

    def view(
        self,
        *,
        name: str,
        indexing_token: str | Unset = UNSET,
    ) -> AudienceView:
        """Get information about an audience.

        Args:
            name: The name of the existing audience you want to view.
            indexing_token: The indexing token returned by the create, replace, update or remove routes.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/audiences/view
        First seen in the documentation of API version 2.1.
        """
        from . import audience_view

        answer: AudienceView = self._caller.call(
            audience_view,
            name=name,
            indexing_token=indexing_token,
        )
        return answer

    def task(self, name: str, token: str) -> IndexingTask[AudienceView]:
        """Take up the task of an indexing token again, in another process or later. Sends nothing by itself.

        Args:
            name: Name of the audience.
            token: The token that the update answered.
        """
        from . import audience_view

        return self._caller.task(name, token, audience_view)


class AsyncAudiences:
    """The operations on audiences for asyncio."""

    def __init__(self, caller: AsyncCaller) -> None:
        self._caller = caller

    async def create(
        self,
        *,
        name: str,
        type: str,
        display_name: str | Unset = UNSET,
    ) -> AsyncIndexingTask[AudienceView]:
        """Create an audience.

        Args:
            name: The audience name value must be a string that only contains letters (a-z, A-Z), numbers (0-9)
                or the following characters : _, -. Audience names can be up to 255 characters long. They are case
                sensitive.
            type: The kind of ids in the audience, such as `custom_ids`.
            display_name: The name of the audience on the dashboard.

        Returns:
            The indexing task. The update takes effect in the background; `wait()` returns when it did.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/audiences/create
        First seen in the documentation of API version 2.1.
        """
        from . import audience_create, audience_view

        accepted = await self._caller.call(
            audience_create,
            body={
                "name": name,
                "type": type,
                "display_name": display_name,
            },
        )
        return self._caller.task(name, accepted.indexing_token, audience_view)

    def list(
        self,
        *,
        from_: str | Unset = UNSET,
        limit: int = 10,
    ) -> AsyncPages[AudienceView]:
        """List the audiences of the project.

        Args:
            from_: The `next_from` of the previous page. Leave it out to get the first page.
            limit: Maximum number of objects to return.

        Returns:
            The list, not fetched yet: `async for` walks every item, `await` gives the first page.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/audiences/list
        First seen in the documentation of API version 2.1.
        """
        from . import audience_list

        return self._caller.page(
            "audiences",
            audience_list,
            from_=from_,
            limit=limit,
        )

    async def remove(
        self,
        *,
        name: str,
    ) -> AsyncIndexingTask[None]:
        """Delete an audience.

        Args:
            name: The name of the existing audience you want this operation to be applied to.

        Returns:
            The indexing task. The update takes effect in the background; `wait()` returns when it did.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/audiences/remove
        First seen in the documentation of API version 2.1.
        """
        from . import audience_remove, audience_view

        accepted = await self._caller.call(
            audience_remove,
            body={
                "name": name,
            },
        )
        return self._caller.task(name, accepted.indexing_token, audience_view, removes_viewed=True)

    async def replace(
        self,
        *,
        name: str,
        ids: Iterable[AudienceId | Mapping[str, Any]],
    ) -> AsyncIndexingTask[AudienceView]:
        """Replace all ids of an audience. Earlier updates then have the indexing state `REPLACED`.

        Args:
            name: The name of the existing audience you want this operation to be applied to.
            ids: The ids that the audience holds afterwards.

        Returns:
            The indexing task. The update takes effect in the background; `wait()` returns when it did.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/audiences/replace
        First seen in the documentation of API version 2.1.
        """
        from . import audience_replace, audience_view

        accepted = await self._caller.call(
            audience_replace,
            body={
                "name": name,
                "ids": ids,
            },
        )
        return self._caller.task(name, accepted.indexing_token, audience_view)

    async def update(
        self,
        *,
        name: str,
        ids: Iterable[AudienceIdUpdate | Mapping[str, Any]],
    ) -> AsyncIndexingTask[AudienceView]:
        """Add ids to an audience or remove ids from it. If an id occurs more than once, its last action is applied.

        Args:
            name: The name of the existing audience you want this operation to be applied to.
            ids: The ids to add or remove, at most 10,000.

        Returns:
            The indexing task. The update takes effect in the background; `wait()` returns when it did.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/audiences/update
        First seen in the documentation of API version 2.1.
        """
        from . import audience_update, audience_view

        accepted = await self._caller.call(
            audience_update,
            body={
                "name": name,
                "ids": ids,
            },
        )
        return self._caller.task(name, accepted.indexing_token, audience_view)

    async def view(
        self,
        *,
        name: str,
        indexing_token: str | Unset = UNSET,
    ) -> AudienceView:
        """Get information about an audience.

        Args:
            name: The name of the existing audience you want to view.
            indexing_token: The indexing token returned by the create, replace, update or remove routes.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/audiences/view
        First seen in the documentation of API version 2.1.
        """
        from . import audience_view

        answer: AudienceView = await self._caller.call(
            audience_view,
            name=name,
            indexing_token=indexing_token,
        )
        return answer

    def task(self, name: str, token: str) -> AsyncIndexingTask[AudienceView]:
        """Take up the task of an indexing token again, in another process or later. Sends nothing by itself.

        Args:
            name: Name of the audience.
            token: The token that the update answered.
        """
        from . import audience_view

        return self._caller.task(name, token, audience_view)
