"""Tests of what README and examples show."""
