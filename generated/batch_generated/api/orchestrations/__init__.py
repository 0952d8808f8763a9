"""The operations on orchestrations: one module each, and all of them as methods of `Orchestrations` and its asyncio twin."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from ...values import UNSET, Unset

if TYPE_CHECKING:
    from ...interfaces import (
        AsyncCaller,
        AsyncPages,
        Caller,
        Page,
    )
    from ...models.orchestration import Orchestration
    from ...models.orchestration_channel import OrchestrationChannel
    from ...models.orchestration_stats import OrchestrationStats
    from ...models.orchestration_status import OrchestrationStatus
    from ...models.orchestration_type import OrchestrationType
    from ...models.push_campaign_details import PushCampaignDetails


class Orchestrations:
    """The operations on orchestrations."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def list(
        self,
        *,
        from_: str | Unset = UNSET,
        limit: int = 10,
        status: OrchestrationStatus | str | Unset = UNSET,
        type: OrchestrationType | str | Unset = UNSET,
        channels: OrchestrationChannel | str | Unset = UNSET,
    ) -> Page[Orchestration]:
        """List the orchestrations of the project: campaigns, recurring campaigns, triggers and warmups.

        Args:
            from_: The `next_from` of the previous page. Leave it out to get the first page.
            limit: Maximum number of objects to return.
            status: Only return orchestrations with this status.
            type: Only return orchestrations of this type.
            channels: Only return orchestrations that use this channel.

        Returns:
            The first page. Iterating it walks every item, fetching further pages as it goes.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/orchestrations/list
        First seen in the documentation of API version 2.5.
        """
        from . import orchestration_list

        return self._caller.page(
            "orchestrations",
            orchestration_list,
            from_=from_,
            limit=limit,
            status=status,
            type=type,
            channels=channels,
        )

    def stats(
        self,
        *,
        orchestration_id: str,
        from_: datetime.date,
        to: datetime.date,
        include_platforms: bool | Unset = UNSET,
    ) -> OrchestrationStats:
        """Get the statistics of an orchestration by day.

        Args:
            orchestration_id: Unique identifier for the orchestration.
            from_: First day of the statistics. Cannot be earlier than 6 months ago.
            to: Last day of the statistics.
            include_platforms: Whether to return statistics by platform.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/orchestrations/stats
        First seen in the documentation of API version 2.5.
        """
        from . import orchestration_stats

        answer: OrchestrationStats = self._caller.call(
            orchestration_stats,
            orchestration_id=orchestration_id,
            from_=from_,
            to=to,
            include_platforms=include_platforms,
        )
        return answer

    def view(
        self,
        *,
        orchestration_id: str,
    ) -> PushCampaignDetails:
        """View a push campaign.

        Args:
            orchestration_id: Unique identifier for the orchestration.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/orchestrations/view
        First seen in the documentation of API version 2.11.
        """
        from . import orchestration_view

        answer: PushCampaignDetails = self._caller.call(
            orchestration_view,
            orchestration_id=orchestration_id,
        )
        return answer


class AsyncOrchestrations:
    """The operations on orchestrations for asyncio."""

    def __init__(self, caller: AsyncCaller) -> None:
        self._caller = caller

    def list(
        self,
        *,
        from_: str | Unset = UNSET,
        limit: int = 10,
        status: OrchestrationStatus | str | Unset = UNSET,
        type: OrchestrationType | str | Unset = UNSET,
        channels: OrchestrationChannel | str | Unset = UNSET,
    ) -> AsyncPages[Orchestration]:
        """List the orchestrations of the project: campaigns, recurring campaigns, triggers and warmups.

        Args:
            from_: The `next_from` of the previous page. Leave it out to get the first page.
            limit: Maximum number of objects to return.
            status: Only return orchestrations with this status.
            type: Only return orchestrations of this type.
            channels: Only return orchestrations that use this channel.

        Returns:
            The list, not fetched yet: `async for` walks every item, `await` gives the first page.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/orchestrations/list
        First seen in the documentation of API version 2.5.
        """
        from . import orchestration_list

        return self._caller.page(
            "orchestrations",
            orchestration_list,
            from_=from_,
            limit=limit,
            status=status,
            type=type,
            channels=channels,
        )

    async def stats(
        self,
        *,
        orchestration_id: str,
        from_: datetime.date,
        to: datetime.date,
        include_platforms: bool | Unset = UNSET,
    ) -> OrchestrationStats:
        """Get the statistics of an orchestration by day.

        Args:
            orchestration_id: Unique identifier for the orchestration.
            from_: First day of the statistics. Cannot be earlier than 6 months ago.
            to: Last day of the statistics.
            include_platforms: Whether to return statistics by platform.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/orchestrations/stats
        First seen in the documentation of API version 2.5.
        """
        from . import orchestration_stats

        answer: OrchestrationStats = await self._caller.call(
            orchestration_stats,
            orchestration_id=orchestration_id,
            from_=from_,
            to=to,
            include_platforms=include_platforms,
        )
        return answer

    async def view(
        self,
        *,
        orchestration_id: str,
    ) -> PushCampaignDetails:
        """View a push campaign.

        Args:
            orchestration_id: Unique identifier for the orchestration.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/orchestrations/view
        First seen in the documentation of API version 2.11.
        """
        from . import orchestration_view

        answer: PushCampaignDetails = await self._caller.call(
            orchestration_view,
            orchestration_id=orchestration_id,
        )
        return answer
