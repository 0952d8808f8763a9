"""Tests of what makes, adopts, compares and measures the client."""
