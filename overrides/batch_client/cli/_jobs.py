"""The commands that bring files in: profiles, audiences, catalogs; and the one that takes an export up again."""

from __future__ import annotations

import csv
import os
import signal
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from attrs import frozen

from batch_client import BatchClient, NotFoundError
from batch_client.bulk import BulkInterrupted, BulkReport
from batch_client.bulk._run import Mode
from batch_client.cli._columns import PARSERS, Columns, pairs, parse_columns, to_records
from batch_client.cli._files import FORMATS, Rows
from batch_client.cli._operations import bring
from batch_client.cli._progress import duration, shown
from batch_client.cli._session import (
    DONE,
    FAILED,
    INTERRUPTED,
    REJECTED,
    InputError,
    Session,
    fail,
    same_command,
    session_of,
    told_in_one_line,
)
from batch_generated.api import OPERATIONS

PROBLEMS_SHOWN = 10

File = Annotated[Path, typer.Argument(help="The file; - for standard input.", allow_dash=True)]
Format = Annotated[str | None, typer.Option(help=f"Format, if the name does not tell: {', '.join(FORMATS)}.")]
Maps = Annotated[
    list[str], typer.Option("--map", help="COLUMN=ATTRIBUTE, such as email=$email_address; COLUMN= leaves it out.")
]
Types = Annotated[
    list[str], typer.Option("--type", help=f"COLUMN=TYPE for text that is no string: {', '.join(PARSERS)}.")
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
    Path | None, typer.Option(help="CSV file for every row that did not get in, with its line.", dir_okay=False)
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


@frozen
class _Import:
    """What every import is told."""

    session: Session
    file: Path
    format: str | None
    dry_run: bool
    checkpoint: Path | None
    rejects: Path | None

    def run(
        self,
        prepare: Callable[[BatchClient, Rows], Callable[[dict[str, Any]], dict[str, Any]]],
        send: Callable[..., BulkReport],
    ) -> None:
        """Send the rows of the file and end the command.

        Args:
            prepare: Returns what makes a record of a row.
            send: Calls a method of `batch.bulk`, given client, records and options.
        """
        if self.rejects is not None:
            self._check_writable(self.rejects)
        checkpoint = self._checkpoint()
        with closing(Rows(self.file, self.format)) as rows, self.session.client() as batch:
            make = prepare(batch, rows)
            if checkpoint is not None and checkpoint.exists():
                self._say(f"goes on from {checkpoint}")
            records = to_records(rows, make)
            total = rows.total()
            try:
                with _finishes_calls_on_ctrl_c(self.session), shown(self.session.messages) as on_progress:
                    report = send(
                        batch,
                        records if total is None else _Counted(records, total),
                        dry_run=self.dry_run,
                        checkpoint=checkpoint,
                        on_progress=on_progress,
                    )
            except BulkInterrupted as interrupted:
                self._write_rejects(interrupted.report, rows)
                again = f"to go on: {same_command()}" if checkpoint is not None else "nothing tells where to go on"
                fail(f"interrupted: {self._counts(interrupted.report)}; {again}", INTERRUPTED)
            self._write_rejects(report, rows)
            self._show(report, rows)
        if report.error is not None:
            again = f"; to go on: {same_command()}" if checkpoint is not None else ""
            fail(f"{report.error}{again}", FAILED)
        if checkpoint is not None and self.checkpoint is None:
            checkpoint.unlink()
        held_back = report.invalid_records if self.dry_run else report.records - report.accepted
        raise typer.Exit(REJECTED if held_back else DONE)

    def _checkpoint(self) -> Path | None:
        if self.checkpoint is not None or self.dry_run or self.session.sandbox or str(self.file) == "-":
            return self.checkpoint
        return self.file.with_name(f"{self.file.name}.checkpoint")

    def _check_writable(self, path: Path) -> None:
        if not os.access(path if path.exists() else path.absolute().parent, os.W_OK):
            raise InputError(f"cannot write {path}")

    def _write_rejects(self, report: BulkReport, rows: Rows) -> None:
        if self.rejects is None:
            return
        with self.rejects.open("w", encoding="utf-8", newline="") as target:
            writer = csv.writer(target)
            writer.writerow(["outcome", rows.place_name, "id", "field", "reason"])
            for outcome, problem in report.problems():
                line = rows.places.line_of(problem.index)
                writer.writerow([outcome, line, problem.id, problem.field, problem.reason])
            for part in report.unsettled:
                lines = f"{rows.places.line_of(part.first)}-{rows.places.line_of(part.last)}"
                writer.writerow(["unknown" if part.may_be_in else "unsent", lines, "", "", part.reason])

    def _show(self, report: BulkReport, rows: Rows) -> None:
        problems = list(report.problems())
        for outcome, problem in problems[:PROBLEMS_SHOWN]:
            where = f"{rows.place_name} {rows.places.line_of(problem.index)}"
            id_ = f" ({problem.id})" if problem.id else ""
            field = f"{problem.field}: " if problem.field else ""
            self._say(f"{where}{id_}: {outcome}: {field}{problem.reason}")
        if len(problems) > PROBLEMS_SHOWN:
            told = f"see {self.rejects}" if self.rejects is not None else "--rejects FILE writes them all"
            self._say(f"and {len(problems) - PROBLEMS_SHOWN:,} more: {told}")
        self._say(self._counts(report))
        if self.session.output.form.value == "json":
            self.session.output.show(
                {
                    "records": report.records,
                    "accepted": report.accepted,
                    "rejected": report.rejected_records,
                    "invalid": report.invalid_records,
                    "unconfirmed": report.unconfirmed_records,
                    "unsettled": sum(part.count for part in report.unsettled),
                    "indexing": dict(report.indexing),
                    "seconds": round(report.seconds, 3),
                }
            )

    def _counts(self, report: BulkReport) -> str:
        if self.dry_run:
            return f"{report.records:,} rows checked, {report.invalid_records:,} invalid; nothing was sent"
        counts = {
            "accepted": report.accepted,
            "rejected": report.rejected_records,
            "invalid": report.invalid_records,
            "unconfirmed": report.unconfirmed_records,
            "not settled": sum(part.count for part in report.unsettled),
        }
        shown = ", ".join(f"{count:,} {name}" for name, count in counts.items() if count or name == "accepted")
        return f"{report.records:,} rows in {duration(report.seconds)}: {shown}"

    def _say(self, text: str) -> None:
        self.session.messages.print(text, markup=False, soft_wrap=True)


class _Counted:
    """Records whose number is known, so that the time left can be told."""

    def __init__(self, records: Iterable[Any], total: int) -> None:
        self._records = records
        self._total = total

    def __iter__(self) -> Iterator[Any]:
        return iter(self._records)

    def __len__(self) -> int:
        return self._total


@contextmanager
def _finishes_calls_on_ctrl_c(session: Session) -> Iterator[None]:
    """Let the first Ctrl-C finish what is under way, and a second one end the process at once."""

    def interrupt(*_: object) -> None:
        # The checkpoint is safe against any end of the process.
        signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
        session.messages.print("finishing the calls under way; Ctrl-C again leaves at once")
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def import_profiles(
    context: typer.Context,
    file: File,
    format: Format = None,
    map: Maps = [],  # noqa: B006 - typer copies it
    type: Types = [],  # noqa: B006 - as above
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

    Each row is a profile: its id, and a column an attribute. A JSON object may also be a profile as the API takes it,
    with identifiers, attributes and events. Empty cells are left out.
    """
    with told_in_one_line():
        chosen = _mode(mode)

        def prepare(_: BatchClient, rows: Rows) -> Callable[[dict[str, Any]], dict[str, Any]]:
            columns = parse_columns(rows.columns, map, type, id_column)

            def make(row: dict[str, Any]) -> dict[str, Any]:
                if "identifiers" in row:
                    return row
                id_, attributes = columns.split(row)
                return {"identifiers": {"custom_id": id_}, "attributes": attributes}

            return make

        def send(batch: BatchClient, records: Iterable[Any], **options: Any) -> BulkReport:
            return batch.bulk.update_profiles(records, mode=chosen, **options)

        _Import(session_of(context), file, format, dry_run, checkpoint, rejects).run(prepare, send)


def _mode(text: str) -> Mode:
    modes: Mapping[str, Literal["mass", "stream"]] = {"mass": "mass", "stream": "stream"}
    if text not in modes:
        raise InputError(f"--mode must be mass or stream, not {text!r}")
    return modes[text]


def sync_audience(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name of the audience; it is created if it is not there.")],
    file: File,
    replace: Annotated[bool, typer.Option("--replace", help="Drop all ids that are not in the file.")] = False,
    format: Format = None,
    map: Maps = [],  # noqa: B006 - as above
    type: Types = [],  # noqa: B006 - as above
    id_column: IdColumn = None,
    dry_run: DryRun = False,
    checkpoint: CheckpointPath = None,
    rejects: Rejects = None,
    yes: Yes = False,
) -> None:
    """Bring the ids of a file into an audience, and wait until they are indexed.

    Each row is an id; further columns are its attributes. A column named action says add or remove; without it ids are
    added.
    """
    with told_in_one_line():
        session = session_of(context)
        if replace and not dry_run:
            session.confirm(OPERATIONS["audience_replace"].consequence or "", yes=yes)

        def prepare(batch: BatchClient, rows: Rows) -> Callable[[dict[str, Any]], dict[str, Any]]:
            columns = parse_columns(rows.columns, map, type, id_column, also=["action"])
            if not dry_run:
                _create_audience_if_missing(batch, name)
            return lambda row: _edit(columns, row, action=None if replace else "add")

        def send(batch: BatchClient, records: Iterable[Any], **options: Any) -> BulkReport:
            call = batch.bulk.replace_audience if replace else batch.bulk.update_audience
            return call(name, records, **options)

        _Import(session, file, format, dry_run, checkpoint, rejects).run(prepare, send)


def _create_audience_if_missing(batch: BatchClient, name: str) -> None:
    try:
        batch.audiences.view(name=name)
    except NotFoundError:
        batch.audiences.create(name=name, type="custom_ids").wait()


def _edit(columns: Columns, row: dict[str, Any], *, action: str | None) -> dict[str, Any]:
    """Return an entry of an audience or a catalog."""
    if isinstance(row.get("attributes"), dict):
        return ({} if action is None else {"action": action}) | row
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
    name: Annotated[str, typer.Argument(help="Name of the catalog.")],
    file: File,
    create: Annotated[
        bool, typer.Option("--create", help="Create the catalog if it is not there: a field a column, by --type.")
    ] = False,
    format: Format = None,
    map: Maps = [],  # noqa: B006 - as above
    type: Types = [],  # noqa: B006 - as above
    id_column: IdColumn = None,
    dry_run: DryRun = False,
    checkpoint: CheckpointPath = None,
    rejects: Rejects = None,
) -> None:
    """Bring the items of a file into a catalog, and wait until they are indexed.

    Each row is an item: its id, and a column a field; the catalog tells what the cells of each stand for. A column
    named action says add or remove; without it items are added.
    """
    with told_in_one_line():

        def prepare(batch: BatchClient, rows: Rows) -> Callable[[dict[str, Any]], dict[str, Any]]:
            columns = parse_columns(rows.columns, map, type, id_column, also=["action"])
            types = _types_of_fields(batch, name, columns, rows, map, type, create=create and not dry_run)
            known = parse_columns(rows.columns, map, [*types, *type], id_column, also=["action"])
            return lambda row: _edit(known, row, action="add")

        def send(batch: BatchClient, records: Iterable[Any], **options: Any) -> BulkReport:
            return batch.bulk.edit_catalog_items(name, records, **options)

        _Import(session_of(context), file, format, dry_run, checkpoint, rejects).run(prepare, send)


def _types_of_fields(
    batch: BatchClient, name: str, columns: Columns, rows: Rows, maps: list[str], types: list[str], *, create: bool
) -> list[str]:
    """Return the types of the columns that are fields of the catalog, as `--type` takes them."""
    left_out = {columns.id_column} | columns.dropped
    names = [column for column in rows.columns or () if column not in left_out]
    attribute_of = pairs("--map", maps)
    try:
        fields = {field.name: str(field.type_) for field in batch.catalogs.view(name=name).fields}
    except NotFoundError:
        if not create:
            raise InputError(f"there is no catalog {name!r}; --create makes it of the columns") from None
        given = pairs("--type", types)
        back = {kind: field for field, kind in _TYPE_OF_FIELD.items()}
        fields = {attribute_of.get(column, column): given.get(column, "string") for column in names}
        batch.catalogs.create(
            name=name,
            fields=[{"name": field, "type": back.get(kind, kind)} for field, kind in fields.items()],
        )
    typed = {column: fields.get(attribute_of.get(column, column)) for column in names}
    return [f"{column}={_TYPE_OF_FIELD.get(kind, kind)}" for column, kind in typed.items() if kind is not None]


def fetch_export(
    context: typer.Context,
    id: Annotated[str, typer.Argument(help="Id of the export.")],
    to: Annotated[Path, typer.Option(help="Directory that the files go to.", file_okay=False)],
    timeout: Annotated[float | None, typer.Option(help="Most seconds to wait.")] = None,
) -> None:
    """Wait for an export and bring its files."""
    with told_in_one_line():
        session = session_of(context)
        with session.client() as batch:
            bring(session, batch.exports.job(id), to, timeout)


JOBS: Mapping[str, Mapping[str, Callable[..., None]]] = {
    "audiences": {"sync": sync_audience},
    "catalogs": {"import": import_catalog},
    "exports": {"fetch": fetch_export},
    "profiles": {"import": import_profiles},
}
"""By tag and name, what the command line can do beyond the operations."""
