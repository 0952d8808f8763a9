"""Compares the texts of two documents: on the wire, and as the Python clients that are made from them."""

from __future__ import annotations

from scripts.errors import ToolError
from scripts.specdiff.compare import compare_documents
from scripts.specdiff.findings import in_order
from scripts.specdiff.inputs import parse_document
from scripts.specdiff.report import Report
from scripts.specdiff.surface import attach, compare_clients, explain_failure

LARGEST_GENERATED = 3_000_000
"""Bytes that both documents may have together for their clients to be generated; larger ones take minutes."""


def diff(old: tuple[str, str], new: tuple[str, str]) -> Report:
    """Compare two documents, each given as its name and text; raise ToolError if one is no good."""
    before, after = (parse_document(name, text) for name, text in (old, new))
    try:
        findings = compare_documents(before, after)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise ToolError(
            f"{old[0]} or {new[0]} is not valid OpenAPI ({type(error).__name__}: {error}); "
            "openapi-spec-validator says where"
        ) from error
    except RecursionError as error:
        raise ToolError(f"{old[0]} or {new[0]} is nested too deep to compare") from error
    if len(old[1]) + len(new[1]) > LARGEST_GENERATED:
        skipped = f"the documents are larger than {LARGEST_GENERATED // 1_000_000} MB together"
        return Report(in_order(findings), skipped)
    try:
        return Report(in_order(attach(findings, compare_clients(before, after))))
    except ToolError as error:
        return Report(in_order(findings), explain_failure(error))
