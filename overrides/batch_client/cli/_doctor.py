"""Looks for what keeps calls from working: keys, version, network, clock."""

from __future__ import annotations

import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import typer
from rich.text import Text

from batch_client import (
    API_VERSIONS,
    APIConnectionError,
    APIStatusError,
    AuthenticationError,
    BatchClient,
    ConfigurationError,
    NotFoundError,
)
from batch_client._calls.operations import endpoint_of, resource_of
from batch_client._transport import clock
from batch_client.cli._config import HOW_TO_SET_KEYS, find
from batch_client.cli._exits import BAD_INPUT, FAILED, InputError
from batch_client.cli._session import Session, make_client, session_of
from batch_client.cli._terminal import printable, say

MOST_SECONDS_OFF = 60.0
"""More than this, and events that are sent as of now may count as of the future."""


def doctor(context: typer.Context) -> None:
    """Check keys, API version, network and clock. It only reads."""
    session = session_of(context)
    if session.sandbox:
        _say(session, True, "sandbox", "needs no keys and no network")
        return
    found = find(session.flags, None)
    missing = [member for member in ("rest_api_key", "project_key") if member not in found]
    for member in ("rest_api_key", "project_key"):
        # The key itself is not shown: terminals are shared and recorded.
        told = f"from {found[member].source}" if member in found else "is set nowhere"
        _say(session, member not in missing, member, told)
    for member in ("base_url", "api_version"):
        if member in found:
            _say(session, True, member, f"{found[member].value}, from {found[member].source}")
    if missing:
        say(HOW_TO_SET_KEYS)
        raise typer.Exit(BAD_INPUT)
    arguments: dict[str, Any] = {member: setting.value for member, setting in found.items()}
    del found
    try:
        batch = make_client(arguments, max_retries=0)
    except (ConfigurationError, InputError) as error:
        _say(session, False, "settings", str(error))
        raise typer.Exit(BAD_INPUT) from None
    with batch:
        _say(session, True, "API version", f"{batch.api_version} of {', '.join(API_VERSIONS)}")
        if not _check_api(session, batch):
            raise typer.Exit(FAILED)


def _check_api(session: Session, batch: BatchClient) -> bool:
    """Make a call that reads one audience; say what it shows of network, keys and clock."""
    audiences, endpoint = resource_of(batch, "audience_list"), endpoint_of("audience_list")
    http = batch.generated.get_httpx_client()
    try:
        response = http.request(**endpoint.build_request(limit=1))
    except httpx.RequestError as error:
        _say(session, False, "network", f"{batch.base_url} cannot be reached: {error or type(error).__name__}")
        return False
    _say(session, True, "network", f"{batch.base_url} answers in {response.elapsed.total_seconds() * 1000:.0f} ms")
    try:
        audiences.list(limit=1)
    except AuthenticationError as error:
        _say(session, False, "keys", f"{error}: the REST API key is not valid for this project")
        return False
    except NotFoundError as error:
        _say(session, False, "API version", str(error))
        return False
    except (APIStatusError, APIConnectionError) as error:
        _say(session, False, "API", str(error))
        return False
    _say(session, True, "keys", "are accepted")
    return _check_clock(session, response)


def _check_clock(session: Session, response: httpx.Response) -> bool:
    try:
        theirs = parsedate_to_datetime(response.headers["Date"])
    except (KeyError, ValueError, TypeError, IndexError, OverflowError):
        _say(session, True, "clock", "was not compared: the API sent no date that can be read")
        return True
    if theirs.tzinfo is None:  # so it comes with the zone -0000
        theirs = theirs.replace(tzinfo=datetime.UTC)
    off = (clock.now() - theirs).total_seconds()
    is_right = abs(off) <= MOST_SECONDS_OFF
    direction = "ahead of" if off > 0 else "behind"
    _say(session, is_right, "clock", "is right" if is_right else f"is {abs(off):.0f} s {direction} the API's; set it")
    return is_right


def _say(session: Session, is_well: bool, subject: str, text: str) -> None:
    mark = Text("ok  ", "green") if is_well else Text("FAIL", "red")
    session.messages.print(Text.assemble(mark, f" {subject}: ", printable(text)), soft_wrap=True)
