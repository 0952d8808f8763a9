"""Finds keys and settings: flags, then the environment, then the configuration file, then a question."""

from __future__ import annotations

import os
import shlex
import stat
import tomllib
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from attrs import asdict, frozen

from batch_client._settings import API_VERSION, BASE_URL, PROJECT_KEY, REST_API_KEY
from batch_client.cli._terminal import say
from batch_client.errors import ConfigurationError

PROFILE = "BATCH_PROFILE"
KEYRING_SERVICE = "batch-client"
_MEMBERS = ("rest_api_key", "rest_api_key_file", "project_key", "base_url", "api_version")


def default_path() -> Path:
    """Return where the configuration file is unless a flag says otherwise."""
    path = Path(os.environ.get("XDG_CONFIG_HOME") or "~/.config") / "batch-client" / "config.toml"
    return _expand(path)


HOW_TO_SET_KEYS = (
    "set BATCH_REST_API_KEY and BATCH_PROJECT_KEY, or write ~/.config/batch-client/config.toml with a table "
    "[profiles.default] that has rest_api_key_file and project_key"
)


@frozen
class Flags:
    """What the command line says of settings. No key is among it: others could read it in the list of processes."""

    profile: str | None = None
    config: Path | None = None
    key_file: Path | None = None
    base_url: str | None = None
    api_version: str | None = None

    @property
    def arguments(self) -> list[str]:
        """The flags as they were passed."""
        given = {f"--{name.replace('_', '-')}": value for name, value in asdict(self).items() if value is not None}
        return [text for flag, value in given.items() for text in (flag, str(value))]


@frozen
class Found:
    """A setting and where it is from."""

    value: str
    source: str


Ask = Callable[[str], str]
"""Asks for a key by its name; the answer is not shown."""


def find(flags: Flags, ask: Ask | None) -> dict[str, Found]:
    """Return the arguments of a client that are set, each with its source.

    Args:
        ask: Asks for a key that is set nowhere; None where nobody can answer.

    Raises:
        ConfigurationError: the configuration file or the key file cannot be used.
    """
    name, profile, path = _profile(flags)
    if "rest_api_key" in profile and path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
        say(f"warning: {path} holds a key and others can read it: chmod 600 {shlex.quote(str(path))}")
    in_file = f"profile {name} in {path}"
    found: dict[str, Found] = {}
    environment = {
        member: Found(os.environ[variable], variable)
        for member, variable in (
            ("rest_api_key", REST_API_KEY),
            ("project_key", PROJECT_KEY),
            ("base_url", BASE_URL),
            ("api_version", API_VERSION),
        )
        if variable in os.environ
    }
    configured = {member: Found(value, in_file) for member, value in profile.items()}
    if "rest_api_key_file" in configured:
        path_of_key = Path(configured.pop("rest_api_key_file").value)
        configured["rest_api_key"] = Found(_read_key(path_of_key), str(path_of_key))
    # A profile that was asked for by name means its own project, whatever the environment is set to.
    weakest_first = [environment, configured] if flags.profile is not None else [configured, environment]
    for source in weakest_first:
        found |= source
    if flags.key_file is not None:
        found["rest_api_key"] = Found(_read_key(flags.key_file), str(flags.key_file))
    for member, flag in (("base_url", flags.base_url), ("api_version", flags.api_version)):
        if flag is not None:
            found[member] = Found(flag, f"--{member.replace('_', '-')}")
    for member in ("rest_api_key", "project_key"):
        if member not in found and (kept := _from_keyring(f"{name}/{member}")) is not None:
            found[member] = Found(kept, "keyring")
        if member not in found and ask is not None:
            found[member] = Found(ask(member), "prompt")
    return found


def files(flags: Flags) -> dict[str, Path]:
    """Return the files that settings are read from, by what they are."""
    found = {"the configuration file": flags.config or default_path()}
    with suppress(ConfigurationError):  # reported where settings are needed
        _, profile, _ = _profile(flags)
        if "rest_api_key_file" in profile:
            found["the file of the profile's key"] = _expand(Path(profile["rest_api_key_file"]))
    if flags.key_file is not None:
        found["the key file"] = _expand(flags.key_file)
    return found


def _expand(path: Path) -> Path:
    try:
        return path.expanduser()
    except RuntimeError:  # the user of some containers has no home; keys may come from elsewhere
        return path


def _profile(flags: Flags) -> tuple[str, dict[str, str], Path]:
    """Return the name and the members of the profile that is meant, and the file it stands in."""
    path = flags.config if flags.config is not None else default_path()
    wanted = flags.profile or os.environ.get(PROFILE)
    try:
        is_there = path.exists()
    except OSError as error:
        raise ConfigurationError(f"cannot read the configuration file {path}: {error.strerror}") from None
    if not is_there:
        if flags.config is not None or wanted is not None:
            raise ConfigurationError(f"there is no configuration file {path}")
        return "default", {}, path
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(f"cannot read the configuration file {path}: {error.strerror}") from None
    except ValueError as error:
        raise ConfigurationError(f"cannot read the configuration file {path}: {error}") from None
    except RecursionError:
        raise ConfigurationError(f"cannot read the configuration file {path}: it is nested too deeply") from None
    profiles: Any = content.get("profiles", {})
    name = wanted or content.get("default_profile", "default")
    if not isinstance(name, str):
        raise ConfigurationError(f"{path}: default_profile must be the name of a profile, in quotes")
    if not isinstance(profiles, dict):
        raise ConfigurationError(f"{path}: profiles must be tables such as [profiles.default]")
    if name not in profiles and (wanted or "default_profile" in content):
        raise ConfigurationError(f"{path} has no profile {name!r}; it has {', '.join(profiles) or 'none'}")
    profile = profiles.get(name, {})
    if not isinstance(profile, dict):
        raise ConfigurationError(f"{path}: profile {name} must be a table: [profiles.{name}]")
    for member, value in profile.items():
        if member not in _MEMBERS:
            raise ConfigurationError(f"{path}: profile {name} has {member!r}; it may have {', '.join(_MEMBERS)}")
        if not isinstance(value, str):
            raise ConfigurationError(f"{path}: {member} of profile {name} must be a string")
    return name, dict(profile), path


def _read_key(path: Path) -> str:
    try:
        return _expand(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ConfigurationError(f"cannot read the key file {path}: {error.strerror}") from None
    except ValueError:
        raise ConfigurationError(f"cannot read the key file {path}: it is not encoded in UTF-8") from None


def _from_keyring(name: str) -> str | None:
    """Return what the system's keyring holds, if the package keyring is installed and has it."""
    try:
        keyring = import_module("keyring")
    except ModuleNotFoundError:
        return None
    try:
        kept = keyring.get_password(KEYRING_SERVICE, name)
    except keyring.errors.KeyringError:
        return None
    return None if kept is None else str(kept)
