"""Reads what is to be vendored: from the documentation site, or from the same pages on disk."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path, PurePosixPath
from urllib.parse import urljoin, urlsplit

import httpx
from markdown_it import MarkdownIt

from scripts.errors import ToolError
from scripts.vendor.extract import Source

INDEX = "https://doc.batch.com/llms.txt"
"""The site's index of its pages, each of which has a Markdown form."""
SECTION = "/developer/api/cep/"
"""The part of the site that documents this API."""

_SPECIFICATION = "https://openapi.gitbook.com/o/yV0lmz43uUZMgWmM3297/"
"""Where Batch keeps the whole API as one document."""

_INDEX_NAME = "llms.txt"
_SUFFIXES = frozenset({".md", ".markdown", ".json", ".yaml", ".yml"})
_TIMEOUT = 30.0
_ADDRESS = re.compile(r"""https?://[^\s<>()\[\]"'`]+""")
_HEADING = re.compile(r"^#{1,6}\s", re.MULTILINE)


def is_of_batch(url: str | None) -> bool:
    """Return whether an address is on the documentation site of Batch."""
    parts = urlsplit(url or "")
    host = parts.hostname or ""
    is_site = parts.scheme == "https" and (host == "batch.com" or host.endswith(".batch.com"))
    return is_site or (url or "").startswith(_SPECIFICATION)


def is_named(where: str, names: Collection[str]) -> bool:
    """Return whether one of some names, such as `audiences/view`, is the end of an address or a path."""
    plain = f"/{where}".removesuffix(PurePosixPath(where).suffix)
    return any(plain.endswith(f"/{name.strip('/').removesuffix('.md')}") for name in names)


def read_disk(path: Path, skip: Collection[str] = ()) -> list[Source]:
    """Return the text of a file, or of every Markdown, JSON and YAML file below a folder.

    The address of a page comes from an index `llms.txt` in the folder, or from the page itself.

    Args:
        skip: Names of pages that are not to be read; their text is empty.

    Raises:
        ToolError: Nothing is there, or files cannot be read; each is a problem.
    """
    if not path.is_dir():
        return [_with_own_address(Source(path.name, _text_of(path)))]
    files = sorted(file for file in path.rglob("*") if file.suffix in _SUFFIXES and file.is_file())
    if not files:
        raise ToolError(f"{path} holds no Markdown, JSON or YAML file")
    indexes = sorted(path.rglob(_INDEX_NAME))
    listed = [page for index in indexes for page in _links(Source(INDEX, _text_of(index)))]
    sources: list[Source] = []
    problems: list[str] = []
    for file in files:
        where = file.relative_to(path).as_posix()
        if is_named(where, skip):
            sources.append(Source(where, ""))
            continue
        try:
            source = Source(where, _text_of(file), _listed_address(where, listed))
        except ToolError as error:
            problems += error.problems
            continue
        sources.append(source if source.url is not None else _with_own_address(source))
    if problems:
        raise ToolError(*problems)
    return sources


def read_site(url: str, skip: Collection[str] = ()) -> list[Source]:
    """Return the text at an address; of an index, the text of every page of the API that it lists.

    Args:
        skip: Names of pages that are not to be read; their text is empty.

    Raises:
        ToolError: Pages cannot be downloaded; each is a problem.
    """
    with httpx.Client(timeout=_TIMEOUT, follow_redirects=True) as http:
        first = _get(http, url)
        if not urlsplit(url).path.endswith(".txt"):
            return [first]
        pages = _links(first)
        if not pages:
            raise ToolError(f"{url} lists no page below {SECTION}: give another URL, or the pages with FROM")
        sources: list[Source] = []
        problems: list[str] = []
        for page in pages:
            try:
                sources.append(Source(page, "") if is_named(page, skip) else _get(http, page))
            except ToolError as error:
                problems += error.problems
        if problems:
            raise ToolError(*problems)
        return sources


def _links(index: Source) -> list[str]:
    """Return the pages of the API that an index lists."""
    tokens = [child for token in MarkdownIt().parse(index.text) for child in token.children or []]
    links = [urljoin(index.where, str(token.attrs["href"])) for token in tokens if token.type == "link_open"]
    pages = [link for link in links if SECTION in urlsplit(link).path and urlsplit(link).path.endswith(".md")]
    return list(dict.fromkeys(pages))


def _listed_address(where: str, listed: list[str]) -> str | None:
    """Return the one listed address that ends like the path of a file."""
    parts = PurePosixPath(where).parts
    for start in range(len(parts)):
        ending = "/" + "/".join(parts[start:])
        found = [page for page in listed if urlsplit(page).path.endswith(ending)]
        if len(found) == 1:
            return found[0]
    return None


def _with_own_address(source: Source) -> Source:
    """Return a source with the address that its page gives before its first heading, as GitBook writes it."""
    heading = _HEADING.search(source.text)
    head = source.text[: heading.start() if heading else 0]
    found = [address.rstrip(".,;:") for address in _ADDRESS.findall(head)]
    pages = list(dict.fromkeys(page.removesuffix(".md") + ".md" for page in found if SECTION in urlsplit(page).path))
    stem = PurePosixPath(source.where).stem
    matching = [page for page in pages if PurePosixPath(urlsplit(page).path).stem == stem]
    chosen = matching if len(matching) == 1 else pages
    return Source(source.where, source.text, chosen[0] if len(chosen) == 1 else None)


def _get(http: httpx.Client, url: str) -> Source:
    try:
        response = http.get(url)
    except httpx.TimeoutException as error:
        raise ToolError(f"{url} did not respond in {_TIMEOUT:g} s: try again, or use FROM") from error
    except (httpx.RequestError, httpx.InvalidURL) as error:
        raise ToolError(f"{url} cannot be read ({error}): try again, or use FROM") from error
    if response.status_code != httpx.codes.OK:
        raise ToolError(f"{url} answered {response.status_code}: fix the address, or use FROM")
    source = _with_own_address(Source(url, response.text))
    return source if is_of_batch(source.url) and not is_of_batch(url) else Source(url, response.text, url)


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ToolError(f"{file} cannot be read: {error}") from error
