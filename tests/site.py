"""The documentation site in small: the frozen pages as Markdown, on disk or served."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.frozen import FROZEN

PAGES = FROZEN / "pages"
SECTION = "/developer/api/cep/"
SITE = "https://doc.batch.com"


def load(name: str) -> Any:
    """Return one of the frozen pages."""
    return json.loads((PAGES / f"{name}.json").read_text(encoding="utf-8"))


def names() -> list[str]:
    """Return the names of the frozen pages."""
    return sorted(path.relative_to(PAGES).with_suffix("").as_posix() for path in PAGES.rglob("*.json"))


def markdown(*documents: Any) -> str:
    """Return a page as the site writes it: prose, and each document in one line of a fenced block."""
    blocks = "\n\n".join(f"```json\n{json.dumps(document)}\n```" for document in documents)
    return f'# A page\n\nWords.\n\n## API\n\n{blocks}\n\n### An answer\n\n```json\n{{"code": …}}\n```\n'


def write_site(
    folder: Path, change: Callable[[str, Any], None] = lambda name, document: None, *, index: bool = True
) -> Path:
    """Write every page below a folder, changed as told, a page of prose, and the site's index; return the folder."""
    documents = {}
    for name in names():
        documents[name] = load(name)
        change(name, documents[name])
    for name, document in documents.items():
        path = folder / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        also = [documents["profiles/update"]] if name == "profiles/mass-update" else []
        path.write_text(markdown(*also, document), encoding="utf-8")
    (folder / "README.md").write_text("# Overview\n\nNo document here.\n", encoding="utf-8")
    if index:
        links = [f"- [{name}]({SITE}{SECTION}{name}.md)" for name in documents]
        (folder / "llms.txt").write_text("\n".join(["# Docs", "", *links]), encoding="utf-8")
    return folder


def write_page(folder: Path, name: str, text: str | bytes) -> None:
    """Write one page as given."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


@contextmanager
def serve(folder: Path, spoilt: dict[str, int | str] | None = None) -> Iterator[str]:
    """Serve a folder of pages and their index llms.txt; yields its address.

    `spoilt` says for a page's name the status it answers with, or "slow", or "cut" for a connection that breaks.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.removeprefix(SECTION).removesuffix(".md")
            fault = (spoilt or {}).get(name)
            if fault == "slow":
                time.sleep(1.0)
            if self.path == "/llms.txt":
                links = [
                    f"- [{path.stem}]({SECTION}{path.relative_to(folder).as_posix()})" for path in folder.rglob("*.md")
                ]
                text = "# Docs\n\n" + "\n".join([*links, "- [Other](/guides/push.md)", "- [Page](/x.html)"])
            else:
                path = folder / f"{name}.md"
                text = path.read_text(encoding="utf-8") if path.is_file() else ""
                fault = fault if path.is_file() else 404
            self.send_response(fault if isinstance(fault, int) else 200)
            body = text.encode()
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if fault == "cut" else body)

        def log_message(self, *_: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: Any) -> None:
            """A client that gave up is no news."""

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/llms.txt"
    finally:
        server.shutdown()
        server.server_close()
