"""The commands that bring files in: profiles, audiences, catalogs; and the one that takes an export up again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from batch_client import BatchClient, NotFoundError
from batch_client._calls.operations import endpoint_of, resource_of
from batch_client.bulk import BulkReport
from batch_client.bulk.options import Mode
from batch_client.cli._columns import PARSERS, Columns, id_text, pairs, parse_columns
from batch_client.cli._exits import InputError
from batch_client.cli._files import FORMATS, Rows
from batch_client.cli._import import Import
from batch_client.cli._operations import check_seconds, download
from batch_client.cli._session import session_of

File = Annotated[
    Path,
    typer.Argument(
        help="The file; - for standard input. CSV is refused from the first row on whose quotes can be read in two "
        "ways: a quote that is never closed, or has white space or a backslash before it or text behind it where it "
        "opens or closes a cell.",
        metavar="FILE",
        allow_dash=True,
    ),
]
Format = Annotated[str | None, typer.Option(help=f"Format, if the name does not tell: {', '.join(FORMATS)}.")]
Maps = Annotated[
    list[str] | None,
    typer.Option("--map", help="COLUMN=ATTRIBUTE, such as email=$email_address. COLUMN= drops it."),
]
Types = Annotated[
    list[str] | None, typer.Option("--type", help=f"COLUMN=TYPE for text that is no string: {', '.join(PARSERS)}.")
]
IdColumn = Annotated[str | None, typer.Option(help="Column that holds the id. Default: custom_id, or id.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Check every row; send nothing.")]
CheckpointPath = Annotated[
    Path | None,
    typer.Option(
        "--checkpoint",
        help="File that lets the same command go on after an interruption. Default: FILE.checkpoint, which the end "
        "removes.",
        dir_okay=False,
    ),
]
Rejects = Annotated[
    Path | None,
    typer.Option(
        help="CSV file for every row that did not get in, with its line. It is written at the end and replaces that of "
        "an earlier import, but no other file. What a spreadsheet would run as a formula has an apostrophe in front.",
        dir_okay=False,
    ),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


def import_profiles(
    context: typer.Context,
    file: File,
    format: Format = None,
    map: Maps = None,
    type: Types = None,
    id_column: IdColumn = None,
    mode: Annotated[
        str,
        typer.Option(help="mass for periodic imports (10,000 a second), stream for continuous ones (300 a second)."),
    ] = "mass",
    dry_run: DryRun = False,
    checkpoint: CheckpointPath = None,
    rejects: Rejects = None,
) -> None:
    """Write the profiles of a file.

    Each row is a profile: its id, and a column an attribute. Empty cells are
    left out. A JSON object may also be a profile as the API takes it, with
    identifiers, attributes and events.
    """
    chosen = _mode(mode)

    def prepare(_: BatchClient, rows: Rows) -> Callable[[dict[str, Any]], dict[str, Any]]:
        columns = parse_columns(rows.columns, map or [], type or [], id_column)

        def make(row: dict[str, Any]) -> dict[str, Any]:
            if "identifiers" in row:
                return row | {"identifiers": _with_text(row["identifiers"], "custom_id")}
            id_, attributes = columns.split(row)
            return {"identifiers": {"custom_id": id_}, "attributes": attributes}

        return make

    def send(batch: BatchClient, records: Iterable[Any], **options: Any) -> BulkReport:
        return batch.bulk.update_profiles(records, mode=chosen, **options)

    Import(session_of(context), file, format, dry_run, checkpoint, rejects).run(prepare, send)


def _mode(text: str) -> Mode:
    modes: Mapping[str, Literal["mass", "stream"]] = {"mass": "mass", "stream": "stream"}
    if text not in modes:
        raise InputError(f"--mode must be mass or stream, not {text!r}")
    return modes[text]


def sync_audience(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name of the audience; made if it is not there.", metavar="NAME")],
    file: File,
    replace: Annotated[bool, typer.Option("--replace", help="Drop all ids that are not in the file.")] = False,
    format: Format = None,
    map: Maps = None,
    type: Types = None,
    id_column: IdColumn = None,
    dry_run: DryRun = False,
    checkpoint: CheckpointPath = None,
    rejects: Rejects = None,
    yes: Yes = False,
) -> None:
    """Bring the ids of a file into an audience, and wait until they are indexed.

    Each row is an id; further columns are its attributes. A column named
    action says add or remove; without it ids are added.
    """
    session = session_of(context)
    if replace and not dry_run:
        session.confirm(endpoint_of("audience_replace").OPERATION.consequence or "", yes=yes)

    def prepare(batch: BatchClient, rows: Rows) -> Callable[[dict[str, Any]], dict[str, Any]]:
        columns = parse_columns(rows.columns, map or [], type or [], id_column, also=["action"])
        if not dry_run:
            _create_audience_if_missing(batch, name)
        return lambda row: _edit(columns, row, action=None if replace else "add")

    def send(batch: BatchClient, records: Iterable[Any], **options: Any) -> BulkReport:
        call = batch.bulk.replace_audience if replace else batch.bulk.update_audience
        return call(name, records, **options)

    job = Import(session, file, format, dry_run, checkpoint, rejects)
    job.run(prepare, send)


def _with_text(members: Any, name: str) -> Any:
    """Return what holds an id, with the id as text."""
    if not isinstance(members, dict) or members.get(name) is None:
        return members  # the check of the whole record says what is wrong with it
    return members | {name: id_text(members[name], name)}


def _create_audience_if_missing(batch: BatchClient, name: str) -> None:
    try:
        resource_of(batch, "audience_view").view(name=name)
    except NotFoundError:
        resource_of(batch, "audience_create").create(name=name, type="custom_ids").wait()


def _edit(columns: Columns, row: dict[str, Any], *, action: str | None) -> dict[str, Any]:
    """Return an entry of an audience or a catalog."""
    if isinstance(row.get("attributes"), dict):
        return ({} if action is None else {"action": action}) | dict(_with_text(row, "id"))
    id_, attributes = columns.split(row)
    entry: dict[str, Any] = {"id": id_}
    if action is not None:
        entry["action"] = row.get("action") or action
    if attributes and entry.get("action") != "remove":
        entry["attributes"] = attributes
    return entry


_TYPE_OF_FIELD = {"bool": "boolean"}
"""What a type of the catalog's fields is called among the types of columns, where the two differ."""


def import_catalog(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name of the catalog.", metavar="NAME")],
    file: File,
    create: Annotated[
        bool, typer.Option("--create", help="Create the catalog if it is not there: a field a column, by --type.")
    ] = False,
    format: Format = None,
    map: Maps = None,
    type: Types = None,
    id_column: IdColumn = None,
    dry_run: DryRun = False,
    checkpoint: CheckpointPath = None,
    rejects: Rejects = None,
) -> None:
    """Bring the items of a file into a catalog, and wait until they are indexed.

    Each row is an item: its id, and a column a field; the catalog tells what
    the cells of each stand for. A column named action says add or remove;
    without it items are added.
    """

    def prepare(batch: BatchClient, rows: Rows) -> Callable[[dict[str, Any]], dict[str, Any]]:
        columns = parse_columns(rows.columns, map or [], type or [], id_column, also=["action"])
        types = _types_of_fields(batch, name, columns, rows, map or [], type or [], create=create and not dry_run)
        known = parse_columns(rows.columns, map or [], [*types, *(type or [])], id_column, also=["action"])
        return lambda row: _edit(known, row, action="add")

    def send(batch: BatchClient, records: Iterable[Any], **options: Any) -> BulkReport:
        return batch.bulk.edit_catalog_items(name, records, **options)

    job = Import(session_of(context), file, format, dry_run, checkpoint, rejects)
    job.run(prepare, send, asks_first=True)


def _types_of_fields(
    batch: BatchClient, name: str, columns: Columns, rows: Rows, maps: list[str], types: list[str], *, create: bool
) -> list[str]:
    """Return the types of the columns that are fields of the catalog, as `--type` takes them."""
    left_out = {columns.id_column} | columns.dropped
    names = [column for column in rows.columns or () if column not in left_out]
    attribute_of = pairs("--map", maps)
    try:
        catalog = resource_of(batch, "catalog_view").view(name=name)
        # Documents that do not list the fields leave the types to --type.
        fields = {field.name: str(field.type_) for field in getattr(catalog, "fields", None) or ()}
    except NotFoundError:
        if not create:
            raise InputError(f"there is no catalog {name!r}; --create makes it of the columns") from None
        given = pairs("--type", types)
        back = {kind: field for field, kind in _TYPE_OF_FIELD.items()}
        fields = {attribute_of.get(column, column): given.get(column, "string") for column in names}
        resource_of(batch, "catalog_create").create(
            name=name,
            fields=[{"name": field, "type": back.get(kind, kind)} for field, kind in fields.items()],
        )
    typed = {column: fields.get(attribute_of.get(column, column)) for column in names}
    return [f"{column}={_TYPE_OF_FIELD.get(kind, kind)}" for column, kind in typed.items() if kind is not None]


def fetch_export(
    context: typer.Context,
    id: Annotated[str, typer.Argument(help="Id of the export.", metavar="ID")],
    to: Annotated[Path, typer.Option(help="Directory that the files go to.", file_okay=False)],
    timeout: Annotated[float | None, typer.Option(help="Maximum wait in seconds.", callback=check_seconds)] = None,
) -> None:
    """Wait for an export and bring its files."""
    session = session_of(context)
    with session.client() as batch:
        download(session, resource_of(batch, "export_view").job(id), to, timeout)


JOBS: Mapping[str, Mapping[str, Callable[..., None]]] = {
    "audiences": {"sync": sync_audience},
    "catalogs": {"import": import_catalog},
    "exports": {"fetch": fetch_export},
    "profiles": {"import": import_profiles},
}
"""By tag and name, what the command line can do beyond the operations."""
