"""Gets a request to the API: credentials, rate limits, tries, deadlines, connections, bounded bodies."""
