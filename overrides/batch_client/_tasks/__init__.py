"""Follows what Batch does in the background: indexing tasks, export jobs, their files and records."""
