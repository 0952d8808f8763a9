"""The operations on campaigns: one module each, and all of them as methods of `Campaigns` and its asyncio twin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ...values import UNSET, Unset

if TYPE_CHECKING:
    from ...interfaces import (
        AsyncCaller,
        Caller,
    )
    from ...models.campaign import Campaign
    from ...models.campaign_created import CampaignCreated
    from ...models.campaign_state import CampaignState
    from ...models.campaign_targeting import CampaignTargeting
    from ...models.campaign_when import CampaignWhen
    from ...models.email_message import EmailMessage
    from ...models.push_message import PushMessage


class Campaigns:
    """The operations on campaigns."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def create(
        self,
        *,
        name: str,
        state: CampaignState | str,
        when: CampaignWhen | Mapping[str, Any],
        messages: Iterable[EmailMessage | Mapping[str, Any] | PushMessage],
        send_rate: int | Unset = UNSET,
        targeting: CampaignTargeting | Mapping[str, Any] | Unset = UNSET,
        labels: Iterable[str] | Unset = UNSET,
    ) -> CampaignCreated:
        """Create a campaign. A campaign in the state `RUNNING` whose start time is `now` is sent immediately.

        Args:
            name: Display name of the campaign on the dashboard
            state: State of the campaign to create. Draft campaigns are not sent until they are started (updated
                to RUNNING). Stopped campaigns are paused and can be resumed by updating them to RUNNING.
            when: When a campaign is sent.
            messages: The message to send: one element.
            send_rate: Determines the maximum number of messages to be sent per minute.
            targeting: Who receives a campaign; without it, everybody.
            labels: Codes of labels, at most 5.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/campaigns/create
        First seen in the documentation of API version 2.1.
        """
        from . import campaign_create

        answer: CampaignCreated = self._caller.call(
            campaign_create,
            body={
                "name": name,
                "state": state,
                "when": when,
                "messages": messages,
                "send_rate": send_rate,
                "targeting": targeting,
                "labels": labels,
            },
        )
        return answer

    def delete(
        self,
        *,
        id: str,
    ) -> None:
        """Deletes an existing campaign

        Args:
            id: The campaign id of the campaign to delete

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/campaigns/delete
        First seen in the documentation of API version 2.1.
        """
        from . import campaign_delete

        self._caller.execute(
            campaign_delete,
            body={
                "id": id,
            },
        )

    def update(
        self,
        *,
        id: str,
        campaign: Campaign | Mapping[str, Any],
    ) -> None:
        """Update a campaign. All of its contents are replaced.

        Args:
            id: Campaign id received from the create API
            campaign: A message to many people: what is sent, when and to whom.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/campaigns/update
        First seen in the documentation of API version 2.1.
        """
        from . import campaign_update

        self._caller.execute(
            campaign_update,
            body={
                "id": id,
                "campaign": campaign,
            },
        )


class AsyncCampaigns:
    """The operations on campaigns for asyncio."""

    def __init__(self, caller: AsyncCaller) -> None:
        self._caller = caller

    async def create(
        self,
        *,
        name: str,
        state: CampaignState | str,
        when: CampaignWhen | Mapping[str, Any],
        messages: Iterable[EmailMessage | Mapping[str, Any] | PushMessage],
        send_rate: int | Unset = UNSET,
        targeting: CampaignTargeting | Mapping[str, Any] | Unset = UNSET,
        labels: Iterable[str] | Unset = UNSET,
    ) -> CampaignCreated:
        """Create a campaign. A campaign in the state `RUNNING` whose start time is `now` is sent immediately.

        Args:
            name: Display name of the campaign on the dashboard
            state: State of the campaign to create. Draft campaigns are not sent until they are started (updated
                to RUNNING). Stopped campaigns are paused and can be resumed by updating them to RUNNING.
            when: When a campaign is sent.
            messages: The message to send: one element.
            send_rate: Determines the maximum number of messages to be sent per minute.
            targeting: Who receives a campaign; without it, everybody.
            labels: Codes of labels, at most 5.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/campaigns/create
        First seen in the documentation of API version 2.1.
        """
        from . import campaign_create

        answer: CampaignCreated = await self._caller.call(
            campaign_create,
            body={
                "name": name,
                "state": state,
                "when": when,
                "messages": messages,
                "send_rate": send_rate,
                "targeting": targeting,
                "labels": labels,
            },
        )
        return answer

    async def delete(
        self,
        *,
        id: str,
    ) -> None:
        """Deletes an existing campaign

        Args:
            id: The campaign id of the campaign to delete

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/campaigns/delete
        First seen in the documentation of API version 2.1.
        """
        from . import campaign_delete

        await self._caller.execute(
            campaign_delete,
            body={
                "id": id,
            },
        )

    async def update(
        self,
        *,
        id: str,
        campaign: Campaign | Mapping[str, Any],
    ) -> None:
        """Update a campaign. All of its contents are replaced.

        Args:
            id: Campaign id received from the create API
            campaign: A message to many people: what is sent, when and to whom.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/campaigns/update
        First seen in the documentation of API version 2.1.
        """
        from . import campaign_update

        await self._caller.execute(
            campaign_update,
            body={
                "id": id,
                "campaign": campaign,
            },
        )
