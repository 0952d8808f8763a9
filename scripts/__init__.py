"""The tooling: what turns Batch's documents into the generated client, and judges changes. Not part of the wheel."""
