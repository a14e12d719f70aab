"""Uploads have a limit, kept while the bytes come in: the disk of a laptop is soon full."""

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

MARGIN = 64 * 1024  # the other fields and the boundaries of a form


class LimitedUploadHandler(FileUploadHandler):
    """Drops a file that is too large and marks the request: `upload_too_large`, so that the page can say so.

    SkipFile rather than StopUpload: what was typed in fields after the file is kept, and the connection too.
    """

    def __init__(self, request=None):
        super().__init__(request)
        self.received = 0
        self.limit = settings.UPLOAD_LIMIT_MB * 1024 * 1024
        self.announced_too_much = False

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):
        self.announced_too_much = content_length > self.limit + MARGIN

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        if self.announced_too_much:
            self._refuse()

    def receive_data_chunk(self, raw_data, start):
        self.received += len(raw_data)
        if self.received > self.limit:
            self._refuse()
        return raw_data

    def file_complete(self, file_size):
        """None: the next handler has the file."""

    def _refuse(self):
        self.request.upload_too_large = True
        raise SkipFile
