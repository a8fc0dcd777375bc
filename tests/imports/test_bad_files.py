"""Each bad file ends in one sentence that a civil servant understands, in time and without memory."""

import re
import tracemalloc

import pytest

from tests.imports.bad_files import FILES, PRIVATE
from tracker.imports import sheets

MOST_MEMORY_OF_THE_PARENT = 4 * 1024 * 1024  # bytes, for the worst of these files
SECONDS = 15
NOT_INDONESIAN = re.compile(
    r"\b(the|file|error|exception|traceback|invalid|unexpected|expected|cannot|not|line|column|row|bad|zip ?file)\b",
    re.IGNORECASE,
)


def answer(content, tmp_path):
    """What a file is answered with: the refusal, or None where it is read."""
    path = tmp_path / "berkas"
    path.write_bytes(content)
    try:
        sheets.read(path)
    except sheets.Unreadable as refusal:
        return refusal
    return None


@pytest.mark.parametrize("name", FILES)
def test_a_bad_file_is_answered_with_its_sentence_in_time_and_memory(name, tmp_path, monkeypatch):
    bad = FILES[name]
    content = bad.make()
    monkeypatch.setattr(sheets, "MOST_SECONDS", SECONDS)
    tracemalloc.start()
    refusal = answer(content, tmp_path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (refusal and refusal.args[0]) == bad.sentence
    assert peak < MOST_MEMORY_OF_THE_PARENT


def test_there_are_more_than_a_hundred_different_bad_files():
    assert len(FILES) >= 100
    contents = {bad.make() for name, bad in FILES.items() if name != "more memory than allowed"}
    assert len(contents) == len(FILES) - 1


@pytest.mark.parametrize("sentence", sorted({bad.sentence for bad in FILES.values() if bad.sentence}))
def test_every_sentence_is_one_in_indonesian(sentence):
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert NOT_INDONESIAN.findall(sentence) == []


@pytest.mark.parametrize("name", PRIVATE)
def test_no_answer_repeats_an_identity_number(name, tmp_path):
    refusal = answer(FILES[name].make(), tmp_path)
    assert re.findall(r"\d{4}", f"{refusal.args[0]} {refusal.places}".replace("20.000", "")) == []
