"""What every generated client consists of beside what its document says: copied into it as it is."""
