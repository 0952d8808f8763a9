"""Decompresses a body piece by piece, so that the gigabytes which a few bytes can stand for are never held at once."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import httpx

ACCEPTED_ENCODING = "gzip"
"""What responses may be compressed by."""

_LARGEST_PIECE = 2**16
_GZIP = 16 + zlib.MAX_WBITS
_COMPRESSIONS = ("gzip", "x-gzip", "deflate", "compress", "x-compress", "br", "zstd")


class Decoder:
    """Takes the content encoding off the raw bytes of one response.

    Raises:
        httpx.DecodingError: it is compressed in another way than was asked for, or more than once.
    """

    def __init__(self, response: httpx.Response) -> None:
        header = response.headers.get("Content-Encoding", "")
        # Others are no compression: storages keep names such as "aws-chunked", which say nothing of what is sent.
        encodings = [name for part in header.split(",") if (name := part.strip().lower()) in _COMPRESSIONS]
        if encodings not in ([], ["gzip"], ["x-gzip"]):
            raise httpx.DecodingError("the body is compressed otherwise than by gzip, or more than once")
        self._inflater = zlib.decompressobj(_GZIP) if encodings else None
        self._has_begun = False

    @property
    def is_compressed(self) -> bool:
        return self._inflater is not None

    @property
    def is_cut(self) -> bool:
        """Whether the compressed bytes so far end before their end."""
        return self._inflater is not None and self._has_begun and not self._inflater.eof

    def decode(self, raw: bytes) -> Iterator[bytes]:
        """Yield what raw bytes stand for, in pieces."""
        if self._inflater is None:
            yield raw
            return
        while raw:
            self._has_begun = True
            if self._inflater.eof:  # another member follows
                self._inflater = zlib.decompressobj(_GZIP)
            try:
                piece = self._inflater.decompress(raw, _LARGEST_PIECE)
            except zlib.error:
                raise httpx.DecodingError("the body is not what gzip writes") from None
            raw = self._inflater.unused_data if self._inflater.eof else self._inflater.unconsumed_tail
            yield piece
