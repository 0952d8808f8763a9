"""The one error that every command of the workshop reports as a single line."""


class WorkshopError(Exception):
    """Something in the input is wrong; the message says what and how to mend it."""
