"""How large an uploaded file may be. Whoever asks too much hears it in the page, not as a broken connection."""

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload

MEGABYTE = 1024 * 1024
ROOM_FOR_FIELDS = MEGABYTE // 4  # what a form sends beside its file
HOPELESS = 10  # of so many times the limit not even the rest is read


def refusal(request) -> str | None:
    """The sentence about an upload that was too large, of which no file was kept; None if it was not.

    Ask before touching request.FILES. The other fields are there, with the CSRF token: a form has to put it before
    the file, as a body far beyond the limit ends where its file begins.
    """
    request.POST  # noqa: B018 (reading it takes in the body)
    if not getattr(request, "upload_is_too_large", False):
        return None
    return (
        f"Berkas lebih besar dari {settings.UPLOAD_LIMIT_MB} MB: hapus lembar dan gambar yang tidak perlu, "
        "atau bagi menjadi beberapa berkas, lalu unggah lagi."
    )


class LimitedUpload(FileUploadHandler):
    """Stands before the handlers that store files, and lets nothing through once UPLOAD_LIMIT_MB is reached."""

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):
        self.left = settings.UPLOAD_LIMIT_MB * MEGABYTE
        self.is_hopeless = content_length > self.left * HOPELESS
        self.is_too_large = content_length > self.left + ROOM_FOR_FIELDS

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        if self.is_too_large:
            self.skip()

    def receive_data_chunk(self, raw_data, start):
        self.left -= len(raw_data)
        if self.left < 0:
            self.skip()
        return raw_data

    def file_complete(self, file_size):
        """Another handler has the file."""

    def skip(self):
        """The rest of the body is read and forgotten: cut off while it sends, a browser shows an error of its own."""
        self.request.upload_is_too_large = self.is_too_large = True
        if self.is_hopeless:
            raise StopUpload(connection_reset=True)
        raise SkipFile
