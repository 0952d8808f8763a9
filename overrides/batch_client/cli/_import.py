"""Sends the rows of a file in bulk: progress, interruption, what did not get in, and the exit code."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, NoReturn

import typer
from attrs import frozen

from batch_client import BatchClient, ConfigurationError
from batch_client.bulk import BulkError, BulkInterrupted, BulkReport, CheckpointError
from batch_client.bulk.report import write_csv
from batch_client.cli._columns import to_records
from batch_client.cli._config import files
from batch_client.cli._exits import DONE, FAILED, INTERRUPTED, REJECTED, InputError, fail
from batch_client.cli._files import Rows
from batch_client.cli._outputs import check_outputs, check_writable
from batch_client.cli._progress import duration, shown
from batch_client.cli._session import Session
from batch_client.cli._shell import same_command
from batch_client.cli._terminal import OutputError, say

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
        checkpoint = self._checkpoint()
        inputs = {"the file to import": self.file} | files(self.session.flags)
        check_outputs(inputs, None if self.dry_run else checkpoint, self.rejects)
        is_offline = self.dry_run and not asks_first
        client = self.session.offline_client() if is_offline else self.session.client()
        with closing(Rows(self.file, self.format)) as rows, client as batch:
            make = prepare(batch, rows)
            if checkpoint is not None and checkpoint.exists():
                say(f"goes on from {checkpoint}")
            records = to_records(rows, make)
            total = rows.total()
            try:
                with _finishes_calls_when_interrupted(), shown(self.session.messages) as on_progress:
                    report = send(
                        batch,
                        records if total is None else _Counted(records, total),
                        dry_run=self.dry_run,
                        checkpoint=checkpoint,
                        on_progress=on_progress,
                    )
            except BulkInterrupted as interrupted:
                self._write_rejects(interrupted.report, rows, checkpoint)
                again = f"to go on: {same_command()}" if checkpoint is not None else "nothing tells where to go on"
                fail(f"interrupted: {self._counts(interrupted.report)}; {again}", INTERRUPTED)
            except (BulkError, CheckpointError, ConfigurationError):
                raise
            except Exception as error:
                known = getattr(error, "report", None)
                if isinstance(error, InputError) and isinstance(known, BulkReport):
                    self._show_problems(known, rows, PROBLEMS_SHOWN)
                    self._write_rejects(known, rows, checkpoint)
                if checkpoint is not None:
                    is_damaged = isinstance(error, InputError)
                    error.add_note(f"to go on{' when the file is whole' if is_damaged else ''}: {same_command()}")
                raise
            self._end(report, rows, checkpoint)

    def _end(self, report: BulkReport, rows: Rows, checkpoint: Path | None) -> NoReturn:
        """Write the rejects, show what became of the rows, and end the command; each although one before it failed."""
        try:
            is_written = self._write_rejects(report, rows, checkpoint)
        except Exception:
            say(self._counts(report))
            raise
        self._show(report, rows, PROBLEMS_SHOWN if is_written or checkpoint is not None else None)
        held_back = report.invalid_records if self.dry_run else report.records - report.accepted
        code = REJECTED if held_back else DONE
        try:
            self._show_counts(report)
        except BrokenPipeError:
            pass  # whoever read the output has enough; the exit code is still of use
        except OutputError as error:
            say(f"error: {error}")
            code = FAILED
        if report.error is not None:
            if report.calls == 0 and report.records == report.invalid_records:
                fail(str(report.error), REJECTED)  # the rows are at fault, and going on would change nothing
            again = f"; to go on: {same_command()}" if checkpoint is not None else ""
            fail(f"{report.error}{again}", FAILED)
        if is_written:
            self._remove(checkpoint)
        raise typer.Exit(code if is_written else FAILED)

    def _remove(self, checkpoint: Path | None) -> None:
        """Remove a checkpoint that nobody asked for when it is of no more use."""
        if checkpoint is None or self.checkpoint is not None:
            return
        try:
            checkpoint.unlink(missing_ok=True)
        except OSError as error:
            say(f"warning: cannot remove {checkpoint}: {error.strerror}")

    def _checkpoint(self) -> Path | None:
        if self.checkpoint is not None or self.dry_run or self.session.sandbox or not _is_file(self.file):
            return self.checkpoint
        beside = self.file.with_name(f"{self.file.name}.checkpoint")
        check_writable(beside, "; pass --checkpoint with a file that can be written")
        return beside

    def _write_rejects(self, report: BulkReport, rows: Rows, checkpoint: Path | None) -> bool:
        """Write the file of rejects; return whether that is done, and say so if it is not."""
        if self.rejects is None:
            return True
        try:
            write_csv(report, self.rejects, rows.place_name, rows.places.line_of)
        except OSError as error:
            again = f"; to write it, sending nothing again: {same_command()}" if checkpoint is not None else ""
            say(f"error: cannot write {self.rejects}: {error.strerror}{again}")
            return False
        return True

    def _show(self, report: BulkReport, rows: Rows, most: int | None) -> None:
        """Show the problems, or some of them, and the counts."""
        self._show_problems(report, rows, most)
        say(self._counts(report))

    def _show_problems(self, report: BulkReport, rows: Rows, most: int | None) -> None:
        for outcome, problem in islice(report.problems(), most):
            where = f"{rows.place_name} {rows.places.line_of(problem.index)}"
            id_ = f" ({problem.id})" if problem.id else ""
            field = f"{problem.field}: " if problem.field else ""
            say(f"{where}{id_}: {outcome}: {field}{problem.reason}")
        count = len(report.rejected) + len(report.invalid) + len(report.unconfirmed)
        if most is not None and (more := count - most) > 0:
            told = f"see {self.rejects}" if self.rejects is not None else "--rejects FILE writes them all"
            say(f"and {more:,} more: {told}")

    def _show_counts(self, report: BulkReport) -> None:
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


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # reported when it is opened
        return False


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
def _finishes_calls_when_interrupted() -> Iterator[None]:
    """Let a first Ctrl-C, or signal that ends services, finish what is under way, and a second end it at once."""

    def interrupt(*_: object) -> None:
        for number in _SIGNALS:
            # The checkpoint is safe against any end of the process.
            signal.signal(number, lambda *_: os._exit(INTERRUPTED))
        say("finishing the calls under way; Ctrl-C again leaves at once")
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            if signal.getsignal(number) is interrupt:  # else the command ends, and a second signal must still do so
                signal.signal(number, handler)
