"""Receiving an upload: in memory, and never more than an image may have."""

from collections.abc import Mapping
from io import BytesIO
from typing import IO, Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from rest_framework.parsers import MultiPartParser

from apps.api.errors import PayloadTooLarge

from .decoding import MAX_BYTES

# A somewhat too large body is read to its end (and thrown away), so that the client reads the answer instead
# of losing its connection in the middle of sending. A far too large one is not worth that.
MAX_READ = 4 * MAX_BYTES
_TOO_LARGE = f"The file is larger than {MAX_BYTES // 1024**2} MB. Upload a smaller one."


class LimitedUploadHandler(FileUploadHandler):
    """Keeps a file of at most MAX_BYTES in memory: no file of an upload that fails is ever on disk.

    The name that the client gave is dropped. Raises PayloadTooLarge (413).
    """

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *args: Any) -> None:
        """Refuse by Content-Length before reading anything."""
        if content_length > MAX_READ:
            raise PayloadTooLarge(_TOO_LARGE)

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Start a file."""
        super().new_file(*args, **kwargs)
        self._content = BytesIO()
        self._received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep the chunk unless the file is too large already."""
        self._received += len(raw_data)
        if self._received <= MAX_BYTES:
            self._content.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """Hand the file over."""
        if self._received > MAX_BYTES:
            raise PayloadTooLarge(_TOO_LARGE)
        self._content.seek(0)
        return InMemoryUploadedFile(self._content, self.field_name, "upload", None, file_size, None)


class UploadParser(MultiPartParser):
    """multipart/form-data with LimitedUploadHandler in place of Django's upload handlers."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """Return the form's data and files."""
        request = (parser_context or {})["request"]._request
        request.upload_handlers = [LimitedUploadHandler(request)]
        return super().parse(stream, media_type, parser_context)
