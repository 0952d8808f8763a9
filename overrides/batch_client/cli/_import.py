"""Sends the rows of a file in bulk: progress, interruption, what did not get in, and the exit code."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import typer
from attrs import frozen

from batch_client import BatchClient
from batch_client.bulk import BulkInterrupted, BulkReport
from batch_client.bulk._report import write_csv
from batch_client.cli._columns import to_records
from batch_client.cli._files import Rows
from batch_client.cli._progress import duration, shown
from batch_client.cli._session import DONE, FAILED, INTERRUPTED, REJECTED, InputError, Session, fail, same_command

PROBLEMS_SHOWN = 10
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@frozen
class Import:
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
        *,
        asks_first: bool = False,
    ) -> None:
        """Send the rows of the file and end the command.

        Args:
            prepare: Returns what makes a record of a row.
            send: Calls a method of `batch.bulk`, given client, records and options.
            asks_first: Whether preparing asks the API, so that even a dry run needs keys.
        """
        if self.rejects is not None:
            self._check_writable(self.rejects)
        is_offline = self.dry_run and not asks_first
        client = self.session.offline_client() if is_offline else self.session.client()
        with closing(Rows(self.file, self.format)) as rows, client as batch:
            checkpoint = self._checkpoint()
            make = prepare(batch, rows)
            if checkpoint is not None and checkpoint.exists():
                self._say(f"goes on from {checkpoint}")
            records = to_records(rows, make)
            total = rows.total()
            try:
                with _finishes_calls_when_interrupted(self.session), shown(self.session.messages) as on_progress:
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
            except InputError as error:
                if checkpoint is not None:
                    error.add_note(f"to go on when the file is whole: {same_command()}")
                raise
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
        beside = self.file.with_name(f"{self.file.name}.checkpoint")
        self._check_writable(beside, "; pass --checkpoint with a file that can be written")
        return beside

    def _check_writable(self, path: Path, mend: str = "") -> None:
        if not os.access(path if path.exists() else path.absolute().parent, os.W_OK):
            raise InputError(f"cannot write {path}{mend}")

    def _write_rejects(self, report: BulkReport, rows: Rows) -> None:
        if self.rejects is not None:
            write_csv(report, self.rejects, rows.place_name, rows.places.line_of)

    def _show(self, report: BulkReport, rows: Rows) -> None:
        for outcome, problem in islice(report.problems(), PROBLEMS_SHOWN):
            where = f"{rows.place_name} {rows.places.line_of(problem.index)}"
            id_ = f" ({problem.id})" if problem.id else ""
            field = f"{problem.field}: " if problem.field else ""
            self._say(f"{where}{id_}: {outcome}: {field}{problem.reason}")
        more = len(report.rejected) + len(report.invalid) + len(report.unconfirmed) - PROBLEMS_SHOWN
        if more > 0:
            told = f"see {self.rejects}" if self.rejects is not None else "--rejects FILE writes them all"
            self._say(f"and {more:,} more: {told}")
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
def _finishes_calls_when_interrupted(session: Session) -> Iterator[None]:
    """Let a first Ctrl-C, or signal that ends services, finish what is under way, and a second end it at once."""

    def interrupt(*_: object) -> None:
        for number in _SIGNALS:
            # The checkpoint is safe against any end of the process.
            signal.signal(number, lambda *_: os._exit(INTERRUPTED))
        session.messages.print("finishing the calls under way; Ctrl-C again leaves at once")
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            if signal.getsignal(number) is interrupt:  # else the command ends, and a second signal must still do so
                signal.signal(number, handler)
