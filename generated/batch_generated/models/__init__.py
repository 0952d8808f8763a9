"""Every model, imported on first use: `from batch_generated.models import AudienceView` loads that one only."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .attributes_export import AttributesExport
    from .audience_attributes import AudienceAttributes
    from .audience_create_body import AudienceCreateBody
    from .audience_id import AudienceId
    from .audience_id_action import AudienceIdAction
    from .audience_id_update import AudienceIdUpdate
    from .audience_list import AudienceList
    from .audience_remove_body import AudienceRemoveBody
    from .audience_replace_body import AudienceReplaceBody
    from .audience_type import AudienceType
    from .audience_update_body import AudienceUpdateBody
    from .audience_view import AudienceView
    from .campaign import Campaign
    from .campaign_created import CampaignCreated
    from .campaign_delete_body import CampaignDeleteBody
    from .campaign_state import CampaignState
    from .campaign_targeting import CampaignTargeting
    from .campaign_update import CampaignUpdate
    from .campaign_when import CampaignWhen
    from .catalog_create_body import CatalogCreateBody
    from .catalog_field import CatalogField
    from .catalog_field_action import CatalogFieldAction
    from .catalog_field_type import CatalogFieldType
    from .catalog_field_update import CatalogFieldUpdate
    from .catalog_item_action import CatalogItemAction
    from .catalog_item_attributes import CatalogItemAttributes
    from .catalog_item_edit import CatalogItemEdit
    from .catalog_items_edit_body import CatalogItemsEditBody
    from .catalog_list import CatalogList
    from .catalog_remove_body import CatalogRemoveBody
    from .catalog_update_body import CatalogUpdateBody
    from .catalog_view import CatalogView
    from .edit_profile import EditProfile
    from .email_message import EmailMessage
    from .email_message_variant import EmailMessageVariant
    from .empty_response import EmptyResponse
    from .error import Error
    from .event_attributes import EventAttributes
    from .event_object import EventObject
    from .events_export import EventsExport
    from .export import Export
    from .export_accepted import ExportAccepted
    from .export_file import ExportFile
    from .export_filter import ExportFilter
    from .export_list import ExportList
    from .export_request import ExportRequest
    from .export_status import ExportStatus
    from .indexing_accepted import IndexingAccepted
    from .indexing_state import IndexingState
    from .marketing_consent import MarketingConsent
    from .orchestration import Orchestration
    from .orchestration_channel import OrchestrationChannel
    from .orchestration_day_stats import OrchestrationDayStats
    from .orchestration_list import OrchestrationList
    from .orchestration_source import OrchestrationSource
    from .orchestration_stats import OrchestrationStats
    from .orchestration_status import OrchestrationStatus
    from .orchestration_type import OrchestrationType
    from .orchestration_version_stats import OrchestrationVersionStats
    from .partial_array_update import PartialArrayUpdate
    from .platform import Platform
    from .profile_attributes import ProfileAttributes
    from .profile_event import ProfileEvent
    from .profile_identifiers import ProfileIdentifiers
    from .profile_update_code import ProfileUpdateCode
    from .profile_update_error import ProfileUpdateError
    from .profile_update_result import ProfileUpdateResult
    from .push_campaign_details import PushCampaignDetails
    from .push_campaign_type import PushCampaignType
    from .push_message import PushMessage
    from .push_message_variant import PushMessageVariant
    from .reachability_export import ReachabilityExport
    from .reply_to import ReplyTo
    from .segment import Segment
    from .segment_list import SegmentList
    from .targeting_query import TargetingQuery

_MODULES = {
    "AttributesExport": ".attributes_export",
    "AudienceAttributes": ".audience_attributes",
    "AudienceCreateBody": ".audience_create_body",
    "AudienceId": ".audience_id",
    "AudienceIdAction": ".audience_id_action",
    "AudienceIdUpdate": ".audience_id_update",
    "AudienceList": ".audience_list",
    "AudienceRemoveBody": ".audience_remove_body",
    "AudienceReplaceBody": ".audience_replace_body",
    "AudienceType": ".audience_type",
    "AudienceUpdateBody": ".audience_update_body",
    "AudienceView": ".audience_view",
    "Campaign": ".campaign",
    "CampaignCreated": ".campaign_created",
    "CampaignDeleteBody": ".campaign_delete_body",
    "CampaignState": ".campaign_state",
    "CampaignTargeting": ".campaign_targeting",
    "CampaignUpdate": ".campaign_update",
    "CampaignWhen": ".campaign_when",
    "CatalogCreateBody": ".catalog_create_body",
    "CatalogField": ".catalog_field",
    "CatalogFieldAction": ".catalog_field_action",
    "CatalogFieldType": ".catalog_field_type",
    "CatalogFieldUpdate": ".catalog_field_update",
    "CatalogItemAction": ".catalog_item_action",
    "CatalogItemAttributes": ".catalog_item_attributes",
    "CatalogItemEdit": ".catalog_item_edit",
    "CatalogItemsEditBody": ".catalog_items_edit_body",
    "CatalogList": ".catalog_list",
    "CatalogRemoveBody": ".catalog_remove_body",
    "CatalogUpdateBody": ".catalog_update_body",
    "CatalogView": ".catalog_view",
    "EditProfile": ".edit_profile",
    "EmailMessage": ".email_message",
    "EmailMessageVariant": ".email_message_variant",
    "EmptyResponse": ".empty_response",
    "Error": ".error",
    "EventAttributes": ".event_attributes",
    "EventObject": ".event_object",
    "EventsExport": ".events_export",
    "Export": ".export",
    "ExportAccepted": ".export_accepted",
    "ExportFile": ".export_file",
    "ExportFilter": ".export_filter",
    "ExportList": ".export_list",
    "ExportRequest": ".export_request",
    "ExportStatus": ".export_status",
    "IndexingAccepted": ".indexing_accepted",
    "IndexingState": ".indexing_state",
    "MarketingConsent": ".marketing_consent",
    "Orchestration": ".orchestration",
    "OrchestrationChannel": ".orchestration_channel",
    "OrchestrationDayStats": ".orchestration_day_stats",
    "OrchestrationList": ".orchestration_list",
    "OrchestrationSource": ".orchestration_source",
    "OrchestrationStats": ".orchestration_stats",
    "OrchestrationStatus": ".orchestration_status",
    "OrchestrationType": ".orchestration_type",
    "OrchestrationVersionStats": ".orchestration_version_stats",
    "PartialArrayUpdate": ".partial_array_update",
    "Platform": ".platform",
    "ProfileAttributes": ".profile_attributes",
    "ProfileEvent": ".profile_event",
    "ProfileIdentifiers": ".profile_identifiers",
    "ProfileUpdateCode": ".profile_update_code",
    "ProfileUpdateError": ".profile_update_error",
    "ProfileUpdateResult": ".profile_update_result",
    "PushCampaignDetails": ".push_campaign_details",
    "PushCampaignType": ".push_campaign_type",
    "PushMessage": ".push_message",
    "PushMessageVariant": ".push_message_variant",
    "ReachabilityExport": ".reachability_export",
    "ReplyTo": ".reply_to",
    "Segment": ".segment",
    "SegmentList": ".segment_list",
    "TargetingQuery": ".targeting_query",
}


def __getattr__(name: str) -> Any:
    try:
        module = _MODULES[name]
    except KeyError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
    value = getattr(import_module(module, __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(_MODULES)


__all__ = (
    "AttributesExport",
    "AudienceAttributes",
    "AudienceCreateBody",
    "AudienceId",
    "AudienceIdAction",
    "AudienceIdUpdate",
    "AudienceList",
    "AudienceRemoveBody",
    "AudienceReplaceBody",
    "AudienceType",
    "AudienceUpdateBody",
    "AudienceView",
    "Campaign",
    "CampaignCreated",
    "CampaignDeleteBody",
    "CampaignState",
    "CampaignTargeting",
    "CampaignUpdate",
    "CampaignWhen",
    "CatalogCreateBody",
    "CatalogField",
    "CatalogFieldAction",
    "CatalogFieldType",
    "CatalogFieldUpdate",
    "CatalogItemAction",
    "CatalogItemAttributes",
    "CatalogItemEdit",
    "CatalogItemsEditBody",
    "CatalogList",
    "CatalogRemoveBody",
    "CatalogUpdateBody",
    "CatalogView",
    "EditProfile",
    "EmailMessage",
    "EmailMessageVariant",
    "EmptyResponse",
    "Error",
    "EventAttributes",
    "EventObject",
    "EventsExport",
    "Export",
    "ExportAccepted",
    "ExportFile",
    "ExportFilter",
    "ExportList",
    "ExportRequest",
    "ExportStatus",
    "IndexingAccepted",
    "IndexingState",
    "MarketingConsent",
    "Orchestration",
    "OrchestrationChannel",
    "OrchestrationDayStats",
    "OrchestrationList",
    "OrchestrationSource",
    "OrchestrationStats",
    "OrchestrationStatus",
    "OrchestrationType",
    "OrchestrationVersionStats",
    "PartialArrayUpdate",
    "Platform",
    "ProfileAttributes",
    "ProfileEvent",
    "ProfileIdentifiers",
    "ProfileUpdateCode",
    "ProfileUpdateError",
    "ProfileUpdateResult",
    "PushCampaignDetails",
    "PushCampaignType",
    "PushMessage",
    "PushMessageVariant",
    "ReachabilityExport",
    "ReplyTo",
    "Segment",
    "SegmentList",
    "TargetingQuery",
)
