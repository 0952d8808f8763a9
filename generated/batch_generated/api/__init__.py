"""Every operation of the API with what is known of it, and the resources that hold them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ..operations import Operation, RateLimit, RecordBody

if TYPE_CHECKING:
    from ..interfaces import AsyncCaller, Caller
    from .audiences import AsyncAudiences, Audiences
    from .campaigns import AsyncCampaigns, Campaigns
    from .catalogs import AsyncCatalogs, Catalogs
    from .exports import AsyncExports, Exports
    from .orchestrations import AsyncOrchestrations, Orchestrations
    from .profiles import AsyncProfiles, Profiles
    from .segments import AsyncSegments, Segments

API_VERSIONS = (
    "2.8",
    "2.9",
    "2.10",
    "2.11",
)
"""The API versions in which these operations can be called, oldest first."""

DEFAULT_API_VERSION = API_VERSIONS[-1]

OPERATIONS = {
    "audience_create": Operation(
        id="audience_create",
        method="POST",
        path="/audiences/create",
        resource="audiences",
        name="create",
        first_seen="2.1",
        documentation="https://doc.batch.com/developer/api/cep/audiences/create",
        idempotent=False,
        consequence="",
        rate_limits=("default",),
    ),
    "audience_list": Operation(
        id="audience_list",
        method="GET",
        path="/audiences/list",
        resource="audiences",
        name="list",
        first_seen="2.1",
        documentation="https://doc.batch.com/developer/api/cep/audiences/list",
        idempotent=True,
        consequence="",
        rate_limits=("default",),
    ),
    "audience_remove": Operation(
        id="audience_remove",
        method="POST",
        path="/audiences/remove",
        resource="audiences",
        name="remove",
        first_seen="2.1",
        documentation="https://doc.batch.com/developer/api/cep/audiences/remove",
        idempotent=True,
        consequence="Deletes the audience. Campaigns that target it will target nobody.",
        rate_limits=("default",),
    ),
    "audience_replace": Operation(
        id="audience_replace",
        method="POST",
        path="/audiences/replace",
        resource="audiences",
        name="replace",
        first_seen="2.1",
        documentation="https://doc.batch.com/developer/api/cep/audiences/replace",
        idempotent=True,
        consequence="Drops all ids that the audience holds now.",
        rate_limits=("default",),
    ),
    "audience_update": Operation(
        id="audience_update",
        method="POST",
        path="/audiences/update",
        resource="audiences",
        name="update",
        first_seen="2.1",
        documentation="https://doc.batch.com/developer/api/cep/audiences/update",
        idempotent=True,
        consequence="",
        rate_limits=("default",),
    ),
    "audience_view": Operation(
        id="audience_view",
        method="GET",
        path="/audiences/view",
        resource="audiences",
        name="view",
        first_seen="2.1",
        documentation="https://doc.batch.com/developer/api/cep/audiences/view",
        idempotent=True,
        consequence="",
        rate_limits=("default",),
    ),
    "campaign_create": Operation(
        id="campaign_create",
        method="POST",
        path="/campaigns/create",
        resource="campaigns",
        name="create",
        first_seen="2.1",
        documentation="https://doc.batch.com/developer/api/cep/campaigns/create",
        idempotent=False,
        consequence="Sends messages to people, unless its state is DRAFT or STOPPED.",
        rate_limits=("default",),
    ),
    "campaign_delete": Operation(
        id="campaign_delete",
        method="POST",
        path="/campaigns/delete",
        resource="campaigns",
        name="delete",
        first_seen="2.1",
        documentation="https://doc.batch.com/developer/api/cep/campaigns/delete",
        idempotent=True,
        consequence="Deletes the campaign.",
        rate_limits=("default",),
    ),
    "campaign_update": Operation(
        id="campaign_update",
        method="POST",
        path="/campaigns/update",
        resource="campaigns",
        name="update",
        first_seen="2.1",
        documentation="https://doc.batch.com/developer/api/cep/campaigns/update",
        idempotent=False,
        consequence=("Replaces the campaign, and sends messages to people unless its new state is DRAFT or STOPPED."),
        rate_limits=("default",),
    ),
    "catalog_create": Operation(
        id="catalog_create",
        method="POST",
        path="/catalogs/create",
        resource="catalogs",
        name="create",
        first_seen="2.6",
        documentation="https://doc.batch.com/developer/api/cep/catalogs/create",
        idempotent=False,
        consequence="",
        rate_limits=("catalogs",),
    ),
    "catalog_items_edit": Operation(
        id="catalog_items_edit",
        method="POST",
        path="/catalogs/items/edit",
        resource="catalogs",
        name="items_edit",
        first_seen="2.6",
        documentation="https://doc.batch.com/developer/api/cep/catalogs/edit-items",
        idempotent=True,
        consequence="",
        rate_limits=("catalogs", "catalog_items"),
    ),
    "catalog_list": Operation(
        id="catalog_list",
        method="GET",
        path="/catalogs/list",
        resource="catalogs",
        name="list",
        first_seen="2.6",
        documentation="https://doc.batch.com/developer/api/cep/catalogs/list",
        idempotent=True,
        consequence="",
        rate_limits=("catalogs",),
    ),
    "catalog_remove": Operation(
        id="catalog_remove",
        method="POST",
        path="/catalogs/remove",
        resource="catalogs",
        name="remove",
        first_seen="2.6",
        documentation="https://doc.batch.com/developer/api/cep/catalogs/remove",
        idempotent=True,
        consequence="Deletes the catalog with all its items.",
        rate_limits=("catalogs",),
    ),
    "catalog_update": Operation(
        id="catalog_update",
        method="POST",
        path="/catalogs/update",
        resource="catalogs",
        name="update",
        first_seen="2.6",
        documentation="https://doc.batch.com/developer/api/cep/catalogs/update",
        idempotent=False,
        consequence="",
        rate_limits=("catalogs",),
    ),
    "catalog_view": Operation(
        id="catalog_view",
        method="GET",
        path="/catalogs/view",
        resource="catalogs",
        name="view",
        first_seen="2.6",
        documentation="https://doc.batch.com/developer/api/cep/catalogs/view",
        idempotent=True,
        consequence="",
        rate_limits=("catalogs",),
    ),
    "export_download": Operation(
        id="export_download",
        method="GET",
        path="/exports/download",
        resource="exports",
        name="download",
        first_seen="2.1",
        documentation="https://doc.batch.com/developer/api/cep/exports/download",
        idempotent=True,
        consequence="",
        rate_limits=("default",),
    ),
    "export_list": Operation(
        id="export_list",
        method="GET",
        path="/exports/list",
        resource="exports",
        name="list",
        first_seen="2.1",
        documentation="https://doc.batch.com/developer/api/cep/exports/list",
        idempotent=True,
        consequence="",
        rate_limits=("default",),
    ),
    "export_view": Operation(
        id="export_view",
        method="GET",
        path="/exports/view",
        resource="exports",
        name="view",
        first_seen="2.1",
        documentation="https://doc.batch.com/developer/api/cep/exports/view",
        idempotent=True,
        consequence="",
        rate_limits=("default",),
    ),
    "orchestration_list": Operation(
        id="orchestration_list",
        method="GET",
        path="/orchestrations/list",
        resource="orchestrations",
        name="list",
        first_seen="2.5",
        documentation="https://doc.batch.com/developer/api/cep/orchestrations/list",
        idempotent=True,
        consequence="",
        rate_limits=("default",),
    ),
    "orchestration_stats": Operation(
        id="orchestration_stats",
        method="GET",
        path="/orchestrations/stats",
        resource="orchestrations",
        name="stats",
        first_seen="2.5",
        documentation="https://doc.batch.com/developer/api/cep/orchestrations/stats",
        idempotent=True,
        consequence="",
        rate_limits=("default",),
    ),
    "orchestration_view": Operation(
        id="orchestration_view",
        method="GET",
        path="/orchestrations/view",
        resource="orchestrations",
        name="view",
        first_seen="2.11",
        documentation="https://doc.batch.com/developer/api/cep/orchestrations/view",
        idempotent=True,
        consequence="",
        rate_limits=("default",),
    ),
    "profile_export": Operation(
        id="profile_export",
        method="POST",
        path="/profiles/export",
        resource="profiles",
        name="export",
        first_seen="2.1",
        documentation="https://doc.batch.com/developer/api/cep/profiles/export",
        idempotent=False,
        consequence="",
        rate_limits=("default", "segment_exports"),
    ),
    "profile_mass_update": Operation(
        id="profile_mass_update",
        method="POST",
        path="/profiles/mass-update",
        resource="profiles",
        name="mass_update",
        first_seen="2.4",
        documentation="https://doc.batch.com/developer/api/cep/profiles/mass-update-profile",
        idempotent=True,
        idempotent_unless="events",
        consequence="",
        rate_limits=("profiles_mass_update",),
    ),
    "profile_update": Operation(
        id="profile_update",
        method="POST",
        path="/profiles/update",
        resource="profiles",
        name="update",
        first_seen="2.1",
        documentation="https://doc.batch.com/developer/api/cep/profiles/update",
        idempotent=True,
        idempotent_unless="events",
        consequence="",
        rate_limits=("profiles_update",),
    ),
    "segment_list": Operation(
        id="segment_list",
        method="GET",
        path="/segments/list",
        resource="segments",
        name="list",
        first_seen="2.11",
        documentation="https://doc.batch.com/developer/api/cep/segments/list",
        idempotent=True,
        consequence="",
        rate_limits=("default",),
    ),
}
"""The operations by id."""

RATE_LIMITS: dict[str, RateLimit] = {
    "default": RateLimit(
        units=1,
        seconds=1,
        burst=1,
    ),
    "profiles_update": RateLimit(
        units=300,
        seconds=1,
        burst=1000,
        records="",
    ),
    "profiles_mass_update": RateLimit(
        units=10000,
        seconds=1,
        burst=10000,
        records="",
    ),
    "segment_exports": RateLimit(
        units=5,
        seconds=3600,
        burst=10,
        when="/filter/segment",
    ),
    "catalogs": RateLimit(
        units=5,
        seconds=1,
        burst=5,
    ),
    "catalog_items": RateLimit(
        units=1000,
        seconds=1,
        burst=1000,
        records="/items",
    ),
}
"""How fast a project may call, by the names that `Operation.rate_limits` uses."""

RECORD_BODIES: dict[str, RecordBody] = {
    "audience_update": RecordBody(
        member="ids",
        max_records=10000,
        schema="/components/schemas/AudienceIdUpdate",
    ),
    "audience_replace": RecordBody(
        member="ids",
        max_records=10000,
        schema="/components/schemas/AudienceId",
    ),
    "profile_update": RecordBody(
        member=None,
        max_records=200,
        schema="/components/schemas/EditProfile",
    ),
    "profile_mass_update": RecordBody(
        member=None,
        max_records=10000,
        schema="/components/schemas/EditProfile",
    ),
    "catalog_items_edit": RecordBody(
        member="items",
        max_records=200,
        schema="/components/schemas/CatalogItemEdit",
    ),
}
"""The bodies that hold many records, by operation id."""

MAX_CATALOGS = 5
MAX_CATALOG_FIELDS = 25
MAX_CUSTOM_ATTRIBUTES = 50
INDEXING_STATES = ("APPLIED", "IN_PROGRESS", "REPLACED")
EXPORT_STATUSES = ("CREATED", "PENDING", "RUNNING", "SUCCESS", "ERROR")


class Resources:
    """The operations of the API by resource, each made on first use."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    @cached_property
    def audiences(self) -> Audiences:
        """The operations on audiences."""
        from .audiences import Audiences

        return Audiences(self._caller)

    @cached_property
    def campaigns(self) -> Campaigns:
        """The operations on campaigns."""
        from .campaigns import Campaigns

        return Campaigns(self._caller)

    @cached_property
    def catalogs(self) -> Catalogs:
        """The operations on catalogs."""
        from .catalogs import Catalogs

        return Catalogs(self._caller)

    @cached_property
    def exports(self) -> Exports:
        """The operations on exports."""
        from .exports import Exports

        return Exports(self._caller)

    @cached_property
    def orchestrations(self) -> Orchestrations:
        """The operations on orchestrations."""
        from .orchestrations import Orchestrations

        return Orchestrations(self._caller)

    @cached_property
    def profiles(self) -> Profiles:
        """The operations on profiles."""
        from .profiles import Profiles

        return Profiles(self._caller)

    @cached_property
    def segments(self) -> Segments:
        """The operations on segments."""
        from .segments import Segments

        return Segments(self._caller)


class AsyncResources:
    """The operations of the API by resource for asyncio, each made on first use."""

    def __init__(self, caller: AsyncCaller) -> None:
        self._caller = caller

    @cached_property
    def audiences(self) -> AsyncAudiences:
        """The operations on audiences."""
        from .audiences import AsyncAudiences

        return AsyncAudiences(self._caller)

    @cached_property
    def campaigns(self) -> AsyncCampaigns:
        """The operations on campaigns."""
        from .campaigns import AsyncCampaigns

        return AsyncCampaigns(self._caller)

    @cached_property
    def catalogs(self) -> AsyncCatalogs:
        """The operations on catalogs."""
        from .catalogs import AsyncCatalogs

        return AsyncCatalogs(self._caller)

    @cached_property
    def exports(self) -> AsyncExports:
        """The operations on exports."""
        from .exports import AsyncExports

        return AsyncExports(self._caller)

    @cached_property
    def orchestrations(self) -> AsyncOrchestrations:
        """The operations on orchestrations."""
        from .orchestrations import AsyncOrchestrations

        return AsyncOrchestrations(self._caller)

    @cached_property
    def profiles(self) -> AsyncProfiles:
        """The operations on profiles."""
        from .profiles import AsyncProfiles

        return AsyncProfiles(self._caller)

    @cached_property
    def segments(self) -> AsyncSegments:
        """The operations on segments."""
        from .segments import AsyncSegments

        return AsyncSegments(self._caller)
