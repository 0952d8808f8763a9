"""The operations on campaigns: one module each, and all of them as methods of `Campaigns` and its asyncio twin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ...types import (
    UNSET,
    AsyncCaller,
    Caller,
    Unset,
)
from . import (
    campaign_create,
    campaign_delete,
    campaign_update,
)

if TYPE_CHECKING:
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
        """Makes a campaign. One that is RUNNING with a start time of now is sent to people at once.

        Args:
            name: Name shown on the dashboard.
            state: DRAFT is kept, RUNNING is sent at its time, STOPPED is on hold.
            when: When the campaign is sent.
            messages: What is sent: one element.
            send_rate: Most messages a minute.
            targeting: Who receives the campaign; left out, everybody.
            labels: Codes of labels, at most 5.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/campaigns/create
        First seen in the documentation of API version 2.1.
        """
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
        """Deletes a campaign.

        Args:
            id: Id of the campaign to delete.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/campaigns/delete
        First seen in the documentation of API version 2.1.
        """
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
        """Replaces a campaign. Refused on one that runs or is over, unless it recurs.

        Args:
            id: Id answered by create.
            campaign: A message to many people.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/campaigns/update
        First seen in the documentation of API version 2.1.
        """
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
        """Makes a campaign. One that is RUNNING with a start time of now is sent to people at once.

        Args:
            name: Name shown on the dashboard.
            state: DRAFT is kept, RUNNING is sent at its time, STOPPED is on hold.
            when: When the campaign is sent.
            messages: What is sent: one element.
            send_rate: Most messages a minute.
            targeting: Who receives the campaign; left out, everybody.
            labels: Codes of labels, at most 5.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/campaigns/create
        First seen in the documentation of API version 2.1.
        """
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
        """Deletes a campaign.

        Args:
            id: Id of the campaign to delete.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/campaigns/delete
        First seen in the documentation of API version 2.1.
        """
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
        """Replaces a campaign. Refused on one that runs or is over, unless it recurs.

        Args:
            id: Id answered by create.
            campaign: A message to many people.

        Raises:
            APIStatusError: the API refused the call; its subclasses tell why.
            APIConnectionError: the API could not be reached in time.
            ResponseValidationError: the answer is not of the documented shape.

        Documentation: https://doc.batch.com/developer/api/cep/campaigns/update
        First seen in the documentation of API version 2.1.
        """
        await self._caller.execute(
            campaign_update,
            body={
                "id": id,
                "campaign": campaign,
            },
        )
