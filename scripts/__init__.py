"""The workshop: what turns the vendored documents into the generated client. Not part of the wheel."""
