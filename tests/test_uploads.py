"""Uploads beyond the limit: one sentence in the page, no broken connection, and no full disk."""

import io
import json
import os
from typing import NamedTuple

import pytest
from django.contrib.auth.decorators import login_not_required
from django.core.handlers.wsgi import WSGIHandler
from django.http import JsonResponse
from django.middleware.csrf import get_token
from django.test import Client
from django.urls import include, path

from config import uploads

MEGABYTE = 1024 * 1024
BOUNDARY = "-----batas"
FORM = f"multipart/form-data; boundary={BOUNDARY}"
REFUSED = (
    "Berkas lebih besar dari 1 MB: hapus lembar dan gambar yang tidak perlu, atau bagi menjadi beberapa berkas, "
    "lalu unggah lagi."
)


@login_not_required
def receive(request):
    """What a page for uploads does: say what is wrong, or use what came."""
    if request.method == "GET":
        return JsonResponse({"token": get_token(request)})
    if sentence := uploads.refusal(request):
        return JsonResponse(sentence, status=413, safe=False)
    files = [[file.name, os.path.getsize(file.temporary_file_path())] for file in request.FILES.getlist("f")]
    return JsonResponse([files, request.POST.get("note")], safe=False)


urlpatterns = [path("unggah/", receive), path("", include("config.urls"))]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


class Answer(NamedTuple):
    status: int
    content: str | list


class Body(io.BytesIO):
    """A body that notes, while it is read, how many bytes of it lie in the folder for uploads."""

    def __init__(self, content, folder):
        super().__init__(content)
        self.folder, self.most_stored = folder, 0

    def read(self, *size):
        self.most_stored = max(self.most_stored, sum(file.stat().st_size for file in self.folder.iterdir()))
        return super().read(*size)


@pytest.fixture
def folder(tmp_path, settings):
    """Where uploads are stored: empty again after each of them."""
    settings.UPLOAD_LIMIT_MB = 1
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    yield tmp_path
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def send(folder):
    """Sends a form through the real WSGI handler, with whatever length it states; returns the body that was read."""
    client = Client(enforce_csrf_checks=True)
    token = client.get("/unggah/").json()["token"].encode()

    def send(*parts, length=None):
        content = b"".join([part("csrfmiddlewaretoken", token), *parts, f"--{BOUNDARY}--\r\n".encode()])
        body = Body(content, folder)
        environ = client._base_environ(PATH_INFO="/unggah/", REQUEST_METHOD="POST", CONTENT_TYPE=FORM)
        environ |= {"wsgi.input": body, "CONTENT_LENGTH": str(len(content)) if length is None else length}
        statuses = []
        response = WSGIHandler()(environ, lambda status, headers: statuses.append(int(status[:3])))
        is_ours = response["Content-Type"] == "application/json"
        answer = Answer(statuses[0], json.loads(response.content) if is_ours else "")
        response.close()
        return answer, body

    return send


def part(name, content, file=None):
    disposition = f'Content-Disposition: form-data; name="{name}"' + (f'; filename="{file}"' if file else "")
    return f"--{BOUNDARY}\r\n{disposition}\r\n\r\n".encode() + content + b"\r\n"


def file(size, name="a.xlsx"):
    return part("f", bytes(size), name)


NOTE = part("note", b"TW III")


def test_a_file_within_the_limit_lies_on_the_disk_for_the_page(send):
    answer, _ = send(file(MEGABYTE), NOTE)
    assert answer == (200, [[["a.xlsx", MEGABYTE]], "TW III"])


@pytest.mark.parametrize("size", [MEGABYTE + 1, 2 * MEGABYTE, 9 * MEGABYTE])
def test_a_file_beyond_the_limit_is_refused_by_the_page_and_read_to_its_end(send, size):
    answer, body = send(file(size), NOTE)
    assert answer == (413, REFUSED)
    assert body.read() == b""


def test_nothing_is_stored_of_a_body_that_says_it_is_too_large(send):
    answer, body = send(file(2 * MEGABYTE))
    assert (answer, body.most_stored) == ((413, REFUSED), 0)


def test_a_body_of_many_times_the_limit_is_not_read(send):
    answer, body = send(file(30 * MEGABYTE))
    assert (answer, body.most_stored) == ((413, REFUSED), 0)
    assert body.tell() < MEGABYTE


@pytest.mark.parametrize("sizes", [(MEGABYTE // 2, MEGABYTE // 2 + 1), (MEGABYTE, MEGABYTE), (10, 3 * MEGABYTE)])
def test_two_files_share_one_limit(send, sizes):
    answer, body = send(*(file(size) for size in sizes))
    assert answer == (413, REFUSED)
    assert body.most_stored <= MEGABYTE


def test_two_small_files_arrive(send):
    answer, _ = send(file(MEGABYTE // 2, "a.xlsx"), file(MEGABYTE // 2, "b.csv"))
    assert answer == (200, [[["a.xlsx", MEGABYTE // 2], ["b.csv", MEGABYTE // 2]], None])


def test_a_file_that_is_longer_than_stated_is_cut_off_and_not_kept(send):
    answer, body = send(file(5 * MEGABYTE), length=str(MEGABYTE // 2))
    assert answer == (200, [[], None])
    assert body.tell() == MEGABYTE // 2


def test_a_file_that_is_shorter_than_stated_is_refused_by_what_is_stated(send):
    answer, body = send(file(1000), length=str(5 * MEGABYTE))
    assert (answer, body.most_stored) == ((413, REFUSED), 0)


@pytest.mark.parametrize(("length", "status"), [("", 403), ("0", 403), ("banyak", 403), ("-5", 400)])
def test_a_length_that_is_none_brings_no_body(send, length, status):
    answer, body = send(file(1000), length=length)
    assert (answer.status, body.most_stored) == (status, 0)


def test_a_body_without_end_is_stopped_while_it_streams(rf, folder):
    """Another server than ours may hand in more than the request states."""
    request = rf.post("/unggah/")
    body = Body(file(3 * MEGABYTE) + NOTE + f"--{BOUNDARY}--\r\n".encode(), folder)
    fields, files = request.parse_file_upload({"CONTENT_TYPE": FORM, "CONTENT_LENGTH": 100}, body)
    assert (fields.dict(), files.dict(), request.upload_is_too_large) == ({"note": "TW III"}, {}, True)
    assert body.most_stored <= MEGABYTE
