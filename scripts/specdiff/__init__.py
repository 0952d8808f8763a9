"""Compares two OpenAPI documents by meaning: what changes on the wire, and for callers of the Python client."""
