"""Leads from a resource method to what it returns: the operation, its response, the pages of a list."""
