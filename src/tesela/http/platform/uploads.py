"""/api/datasources/upload: a file becomes a table."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from tesela.errors import BadRequest
from tesela.features import uploads
from tesela.features.uploads import Sizes
from tesela.http.deps import CallerDep, ServicesDep
from tesela.http.problems import PROBLEMS
from tesela.http.web import Answer

if TYPE_CHECKING:  # it exists for type checkers only
    from python_multipart.multipart import MultipartCallbacks

router = APIRouter(prefix="/api/datasources", tags=["datasources"], responses=PROBLEMS)

FIELD_BYTES = 10_000
MAX_PARTS = 20


class ColumnOut(Answer):
    name: str
    type: str


class RejectedOut(Answer):
    line: int
    reason: str


class UploadOut(Answer):
    """Where the file went, and the lines that could not be read (the first of them, and how many in all)."""

    datasource_id: str
    datasource_name: str
    table: str
    columns: list[ColumnOut]
    row_count: int
    rejected: list[RejectedOut]
    rejected_count: int


UPLOAD_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "datasource_id": {"type": "string"},
                        "name": {"type": "string"},
                        "table": {"type": "string"},
                    },
                }
            }
        },
    }
}


@router.post("/upload", status_code=201, operation_id="upload_file", openapi_extra=UPLOAD_BODY)
async def upload(request: Request, found: ServicesDep, caller: CallerDep) -> UploadOut:
    """Read a CSV, Parquet, JSON or XLSX file into a table of an embedded datasource.

    Fields before the file (`datasource_id`, `name`, `table`) are checked before its bytes are read.
    """
    found.access.may_create(caller)
    sizes = Sizes(found.settings.upload_max_bytes, found.settings.upload_xlsx_max_bytes)
    async with _received(request, found.uploads, sizes) as form:
        datasource, is_new = await uploads.target(
            found.store,
            found.access,
            caller,
            found.files,
            datasource_id=form.fields.get("datasource_id") or None,
            name=form.fields.get("name") or None,
            filename=form.filename,
            clock=found.clock,
        )
        done = await uploads.keep_upload(
            found.store,
            found.files,
            datasource,
            is_new=is_new,
            timeout_ms=found.settings.ingest_timeout_ms,
            upload=form.path,
            filename=form.filename,
            table=form.fields.get("table") or None,
        )
    ingested = done.ingested
    return UploadOut(
        datasource_id=done.datasource.id,
        datasource_name=done.datasource.name,
        table=ingested.table,
        columns=[ColumnOut(name=one.name, type=one.type) for one in ingested.columns],
        row_count=ingested.row_count,
        rejected=[RejectedOut(line=line, reason=reason) for line, reason in ingested.rejected],
        rejected_count=ingested.rejected_count,
    )


class _Form:
    """A multipart form whose file goes to disk as it arrives and never into memory."""

    def __init__(self, path: Path, sizes: Sizes) -> None:
        self.path = path
        self.fields: dict[str, str] = {}
        self.filename = ""
        self._parts = 0
        self._sizes = sizes
        self._file = path.open("wb")
        self._header_name = b""
        self._header_value = b""
        self._headers: dict[bytes, bytes] = {}
        self._name = ""
        self._is_file = False
        self._value = bytearray()
        self._size = 0

    def callbacks(self) -> MultipartCallbacks:
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._field,
            "on_header_value": self._header,
            "on_header_end": self._header_end,
            "on_headers_finished": self._headers_done,
            "on_part_data": self._data,
            "on_part_end": self._end,
        }

    def close(self) -> None:
        self._file.close()

    def _begin(self) -> None:
        self._headers, self._value, self._is_file = {}, bytearray(), False
        self._parts += 1
        if self._parts > MAX_PARTS:
            raise BadRequest(f"The form may have at most {MAX_PARTS} fields")

    def _field(self, data: bytes, start: int, end: int) -> None:
        self._header_name += data[start:end]

    def _header(self, data: bytes, start: int, end: int) -> None:
        self._header_value += data[start:end]

    def _header_end(self) -> None:
        self._headers[self._header_name.lower()] = self._header_value
        self._header_name, self._header_value = b"", b""

    def _headers_done(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        self._name = options.get(b"name", b"").decode("utf-8", "replace")
        if self._name == "file":
            if self.filename:
                raise BadRequest("file: send one file at a time")
            self._is_file = True
            self.filename = options.get(b"filename", b"").decode("utf-8", "replace").strip()
            if not self.filename:
                raise BadRequest("file must carry a file name")
            uploads.ending_of(self.filename)

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._is_file:
            self._size += end - start
            self._sizes.check(self.filename, self._size)
            self._file.write(data[start:end])
            return
        self._value += data[start:end]
        if len(self._value) > FIELD_BYTES:
            raise BadRequest(f"{self._name} is too long")

    def _end(self) -> None:
        if not self._is_file:
            self.fields[self._name] = self._value.decode("utf-8", "replace")


@asynccontextmanager
async def _received(request: Request, folder: Path, sizes: Sizes) -> AsyncIterator[_Form]:
    """Yield the form once it has arrived; its file is gone afterwards."""
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != b"multipart/form-data" or b"boundary" not in options:
        raise BadRequest("Send the file as multipart/form-data, in the field file")
    with tempfile.TemporaryDirectory(dir=folder) as own:
        form = _Form(Path(own) / "upload", sizes)
        try:
            await _read(request, options[b"boundary"], form)
        finally:
            form.close()
        if not form.filename:
            raise BadRequest("file is required")
        yield form


async def _read(request: Request, boundary: bytes, form: _Form) -> None:
    try:
        parser = MultipartParser(boundary, form.callbacks())
        async for chunk in request.stream():
            parser.write(chunk)
        parser.finalize()
    except FormParserError as error:
        raise BadRequest("The form is not valid multipart/form-data") from error
