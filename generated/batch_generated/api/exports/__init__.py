"""The operations on exports: one module each, and all of them as methods of `Exports` and its asyncio twin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...values import UNSET, Unset

if TYPE_CHECKING:
    from ...interfaces import (
        AsyncCaller,
        AsyncExportJob,
        AsyncPages,
        Caller,
        ExportJob,
        Page,
    )
    from ...models.export import Export


class Exports:
    """The operations on exports."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def download(
        self,
        *,
        id: str,
    ) -> str:
        """Redirect to a signed URL of a file. The URL is on another host and expires after 20 minutes. The status
        of the export request must be `SUCCESS`.

        Args:
            id: Id of the file.

        Returns:
            The address that the API redirects to. It is not followed, and no credential belongs there.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/exports/download
        First seen in the documentation of API version 2.1.
        """
        from . import export_download

        return self._caller.location(
            export_download,
            id=id,
        )

    def list(
        self,
        *,
        from_: str | Unset = UNSET,
        limit: int = 10,
    ) -> Page[Export]:
        """List the export requests of the last months.

        Args:
            from_: The `next_from` of the previous page. Leave it out to get the first page.
            limit: Maximum number of objects to return.

        Returns:
            The first page. Iterating it walks every item, fetching further pages as it goes.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/exports/list
        First seen in the documentation of API version 2.1.
        """
        from . import export_list

        return self._caller.page(
            "exports",
            export_list,
            from_=from_,
            limit=limit,
        )

    def view(
        self,
        *,
        id: str,
    ) -> Export:
        """View an export request, and its files once it is finished.

        Args:
            id: Id of the export request.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/exports/view
        First seen in the documentation of API version 2.1.
        """
        from . import export_view

        answer: Export = self._caller.call(
            export_view,
            id=id,
        )
        return answer

    def job(self, id: str) -> ExportJob[Export]:
        """Take up the job of an id again, in another process or later. Sends nothing by itself.

        Args:
            id: The id that starting the job answered.
        """
        return self._caller.export_job(id)


class AsyncExports:
    """The operations on exports for asyncio."""

    def __init__(self, caller: AsyncCaller) -> None:
        self._caller = caller

    async def download(
        self,
        *,
        id: str,
    ) -> str:
        """Redirect to a signed URL of a file. The URL is on another host and expires after 20 minutes. The status
        of the export request must be `SUCCESS`.

        Args:
            id: Id of the file.

        Returns:
            The address that the API redirects to. It is not followed, and no credential belongs there.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/exports/download
        First seen in the documentation of API version 2.1.
        """
        from . import export_download

        return await self._caller.location(
            export_download,
            id=id,
        )

    def list(
        self,
        *,
        from_: str | Unset = UNSET,
        limit: int = 10,
    ) -> AsyncPages[Export]:
        """List the export requests of the last months.

        Args:
            from_: The `next_from` of the previous page. Leave it out to get the first page.
            limit: Maximum number of objects to return.

        Returns:
            The list, not fetched yet: `async for` walks every item, `await` gives the first page.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/exports/list
        First seen in the documentation of API version 2.1.
        """
        from . import export_list

        return self._caller.page(
            "exports",
            export_list,
            from_=from_,
            limit=limit,
        )

    async def view(
        self,
        *,
        id: str,
    ) -> Export:
        """View an export request, and its files once it is finished.

        Args:
            id: Id of the export request.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/exports/view
        First seen in the documentation of API version 2.1.
        """
        from . import export_view

        answer: Export = await self._caller.call(
            export_view,
            id=id,
        )
        return answer

    def job(self, id: str) -> AsyncExportJob[Export]:
        """Take up the job of an id again, in another process or later. Sends nothing by itself.

        Args:
            id: The id that starting the job answered.
        """
        return self._caller.export_job(id)
