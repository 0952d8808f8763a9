"""Reads what is to be vendored: from the documentation site, or from the same pages on disk."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx
from markdown_it import MarkdownIt

from scripts.errors import WorkshopError
from scripts.extract import Source

INDEX = "https://doc.batch.com/llms.txt"
"""The site's index of its pages, each of which has a Markdown form."""
SECTION = "/developer/api/cep/"
"""The part of the site that documents this API."""

_SUFFIXES = frozenset({".md", ".json", ".yaml", ".yml"})
_TIMEOUT = 30.0


def read_disk(path: Path) -> list[Source]:
    """Return the text of a file, or of every Markdown, JSON and YAML file below a folder."""
    if path.is_dir():
        files = sorted(file for file in path.rglob("*") if file.suffix in _SUFFIXES and file.is_file())
        if not files:
            raise WorkshopError(f"{path} holds no Markdown, JSON or YAML file")
        return [Source(file.relative_to(path).as_posix(), _text_of(file)) for file in files]
    return [Source(path.name, _text_of(path))]


def read_site(url: str) -> list[Source]:
    """Return the text at an address; of an index, the text of every page of the API that it lists."""
    with httpx.Client(timeout=_TIMEOUT, follow_redirects=True) as http:
        first = Source(url, _get(http, url))
        if not urlsplit(url).path.endswith(".txt"):
            return [first]
        pages = _listed(first)
        return [Source(page, _get(http, page)) for page in pages]


def _listed(index: Source) -> list[str]:
    tokens = [child for token in MarkdownIt().parse(index.text) for child in token.children or []]
    links = [urljoin(index.where, str(token.attrs["href"])) for token in tokens if token.type == "link_open"]
    pages = [link for link in links if SECTION in urlsplit(link).path and urlsplit(link).path.endswith(".md")]
    if not pages:
        raise WorkshopError(
            f"{index.where} lists no page below {SECTION}: give another --url, or the pages with --from"
        )
    return list(dict.fromkeys(pages))


def _get(http: httpx.Client, url: str) -> str:
    try:
        response = http.get(url)
    except httpx.TimeoutException as error:
        raise WorkshopError(f"{url} did not answer in {_TIMEOUT:g} s: try again, or use --from") from error
    except (httpx.RequestError, httpx.InvalidURL) as error:
        raise WorkshopError(f"{url} cannot be read ({error}): try again, or use --from") from error
    if response.status_code != httpx.codes.OK:
        raise WorkshopError(f"{url} answered {response.status_code}: mend the address, or use --from")
    return response.text


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise WorkshopError(f"{file} cannot be read: {error}") from error
