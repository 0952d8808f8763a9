"""The operations on profiles: one module each, and all of them as methods of `Profiles` and its asyncio twin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ...values import UNSET as UNSET
from ...values import Unset as Unset

if TYPE_CHECKING:
    from ...interfaces import (
        AsyncCaller,
        AsyncExportJob,
        Caller,
        ExportJob,
    )
    from ...models.attributes_export import AttributesExport
    from ...models.edit_profile import EditProfile
    from ...models.events_export import EventsExport
    from ...models.export import Export
    from ...models.profile_update_result import ProfileUpdateResult
    from ...models.reachability_export import ReachabilityExport


class Profiles:
    """The operations on profiles."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def export(
        self,
        body: AttributesExport | Mapping[str, Any] | EventsExport | ReachabilityExport,
        /,
    ) -> ExportJob[Export]:
        """Start an export of profile data. Use exports/view to find out when its files are ready.

        Args:
            body: What is sent, as a model or as a plain dict.

        Returns:
            The job, which runs in the background: `wait()` returns when it is done, `download(directory)` brings its files.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/profiles/export
        First seen in the documentation of API version 2.1.
        """
        from . import profile_export

        accepted = self._caller.call(
            profile_export,
            body=body,
        )
        return self._caller.export_job(accepted.id)

    def mass_update(
        self,
        body: Iterable[EditProfile | Mapping[str, Any]],
        /,
    ) -> ProfileUpdateResult:
        """Update the attributes of up to 10,000 profiles and record their events. Suited to periodic imports.

        Args:
            body: Edit multiple profiles at once. You can specify at most 10 000 operations or the API call will be rejected.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/profiles/mass-update-profile
        First seen in the documentation of API version 2.4.
        """
        from . import profile_mass_update

        answer: ProfileUpdateResult = self._caller.call(
            profile_mass_update,
            body=body,
        )
        return answer

    def update(
        self,
        body: Iterable[EditProfile | Mapping[str, Any]],
        /,
    ) -> ProfileUpdateResult:
        """Update the attributes of up to 200 profiles and record their events. Suited to a continuous stream of
        updates.

        Args:
            body: Edit multiple profiles at once. You can specify at most 200 operations or the API call will be rejected.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/profiles/update
        First seen in the documentation of API version 2.1.
        """
        from . import profile_update

        answer: ProfileUpdateResult = self._caller.call(
            profile_update,
            body=body,
        )
        return answer


class AsyncProfiles:
    """The operations on profiles for asyncio."""

    def __init__(self, caller: AsyncCaller) -> None:
        self._caller = caller

    async def export(
        self,
        body: AttributesExport | Mapping[str, Any] | EventsExport | ReachabilityExport,
        /,
    ) -> AsyncExportJob[Export]:
        """Start an export of profile data. Use exports/view to find out when its files are ready.

        Args:
            body: What is sent, as a model or as a plain dict.

        Returns:
            The job, which runs in the background: `wait()` returns when it is done, `download(directory)` brings its files.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/profiles/export
        First seen in the documentation of API version 2.1.
        """
        from . import profile_export

        accepted = await self._caller.call(
            profile_export,
            body=body,
        )
        return self._caller.export_job(accepted.id)

    async def mass_update(
        self,
        body: Iterable[EditProfile | Mapping[str, Any]],
        /,
    ) -> ProfileUpdateResult:
        """Update the attributes of up to 10,000 profiles and record their events. Suited to periodic imports.

        Args:
            body: Edit multiple profiles at once. You can specify at most 10 000 operations or the API call will be rejected.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/profiles/mass-update-profile
        First seen in the documentation of API version 2.4.
        """
        from . import profile_mass_update

        answer: ProfileUpdateResult = await self._caller.call(
            profile_mass_update,
            body=body,
        )
        return answer

    async def update(
        self,
        body: Iterable[EditProfile | Mapping[str, Any]],
        /,
    ) -> ProfileUpdateResult:
        """Update the attributes of up to 200 profiles and record their events. Suited to a continuous stream of
        updates.

        Args:
            body: Edit multiple profiles at once. You can specify at most 200 operations or the API call will be rejected.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/profiles/update
        First seen in the documentation of API version 2.1.
        """
        from . import profile_update

        answer: ProfileUpdateResult = await self._caller.call(
            profile_update,
            body=body,
        )
        return answer
