"""Decompresses a body piece by piece, so that the gigabytes which a few bytes can stand for are never held at once."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any

import httpx

ACCEPTED_ENCODING = "gzip"
"""What responses may be compressed by."""

_LARGEST_PIECE = 2**16
_COMPRESSIONS = ("gzip", "x-gzip", "deflate", "compress", "x-compress", "br", "zstd")
_GZIP, _ZLIB, _RAW = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS, -zlib.MAX_WBITS


class Decoder:
    """Takes the content encoding off the raw bytes of one response."""

    def __init__(self, response: httpx.Response) -> None:
        header = response.headers.get("Content-Encoding", "")
        # Others are no compression: storages keep names such as "aws-chunked", which say nothing of what is sent.
        self._encodings = [name for part in header.split(",") if (name := part.strip().lower()) in _COMPRESSIONS]
        self._inflater: Any = None

    @property
    def is_compressed(self) -> bool:
        return bool(self._encodings)

    @property
    def is_cut(self) -> bool:
        """Whether the compressed bytes so far end before their end."""
        return self._inflater is not None and not self._inflater.eof

    def decode(self, raw: bytes) -> Iterator[bytes]:
        """Yield what raw bytes stand for, in pieces.

        Raises:
            httpx.DecodingError: they are compressed in a way that nobody asked for, more than once, or wrongly.
        """
        if not self._encodings:
            yield raw
            return
        while raw:
            if self._inflater is None or self._inflater.eof:
                raw = raw if self._inflater is None else raw.lstrip(b"\0")  # padding, or another member
                if not raw:
                    return
                self._inflater = zlib.decompressobj(self._format(raw))
            try:
                piece = self._inflater.decompress(raw, _LARGEST_PIECE)
            except zlib.error:
                raise httpx.DecodingError(f"the body is not what {self._encodings[0]} writes") from None
            raw = self._inflater.unused_data if self._inflater.eof else self._inflater.unconsumed_tail
            yield piece

    def _format(self, raw: bytes) -> int:
        if self._encodings in (["gzip"], ["x-gzip"]):
            return _GZIP
        if self._encodings == ["deflate"]:
            # Which of two formats that is, servers do not agree on.
            return _ZLIB if raw[0] & 0x0F == zlib.DEFLATED else _RAW
        raise httpx.DecodingError("the body is compressed otherwise than by gzip, or more than once")
