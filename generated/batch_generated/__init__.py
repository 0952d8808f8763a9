"""Functions, models and resources generated from the OpenAPI documents of Batch's API 2.11."""

from .client import AuthenticatedClient, Client

__all__ = (
    "AuthenticatedClient",
    "Client",
)
