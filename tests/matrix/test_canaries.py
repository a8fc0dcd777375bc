"""Words and numbers that stand only in drafts, returned reports and their histories of one OPD: looked for at every
address of the site, with every filter, search and file, by people who may not read them and by those who may."""

import datetime
import re

import pytest

from tests import make
from tests.imports.sending import REPORTS, as_csv, received, table_of
from tests.matrix.walking import every_address, everything_found, unpacked
from tests.matrix.world import browser_of, matrix_world

# Each canary with how pages, forms and files write it.
DRAFT = {
    "kendala": ["KENARI-KENDALA"],
    "tindak lanjut": ["KENARI-TINDAK"],
    "penanggung jawab": ["KENARI-JABATAN"],
    "bukti": ["kenari.example"],
    "anggaran": ["876543219", "876.543.219"],
    "keluaran": ["7654.321", "7.654,321", "7654,321"],
    "fisik": ["98.765", "98,765"],
    "penerima": ["54321", "54.321"],
    "tenaga": ["65432", "65.432"],
    "tenggat": ["2034-12-31", "31-12-2034", "31 Des 2034", "31 Desember 2034"],
}
RETURNED = {
    "catatan": ["KENARI-CATATAN"],
    "kendala dikembalikan": ["KENARI-DIKEMBALIKAN"],
    "anggaran dikembalikan": ["765432198", "765.432.198"],
}
PAST = {"dulu": ["KENARI-DULU"], "alasan": ["KENARI-ALASAN"], "anggaran dulu": ["654321987", "654.321.987"]}
DELETED = {"terhapus": ["KENARI-TERHAPUS"], "anggaran terhapus": ["543219876", "543.219.876"]}
CANARIES = DRAFT | RETURNED | PAST | DELETED
WORDS = [form for forms in CANARIES.values() for form in forms]
SEARCHED = ["KENARI", "876543219", "kenari.example"]
# What differs between any two answers; the tag of an answer tells that somebody wrote something, and not what.
TOKEN = re.compile(
    r"""name="csrfmiddlewaretoken" value="[^"]+"|csrftoken=\w+|expires=[^;]+;|'(?:Expires|ETag)': '[^']+'"""
)


@pytest.fixture
def bare_world(db):
    """Without them: the OPD has counted reports only."""
    world = matrix_world()
    rows = world.of[world.dinsos.pk]
    for name in ("report:draft", "report:returned", "report:locked"):
        rows[name].delete()
    return world


@pytest.fixture
def world(db):
    world = matrix_world()
    rows = world.of[world.dinsos.pk]
    draft, returned, settled = rows["report:draft"], rows["report:returned"], rows["activity:settled"]
    # What it said before is in its history, with the reason of the change.
    save(draft, realised_budget=654_321_987, obstacle="KENARI-DULU")
    save(
        draft,
        reason="KENARI-ALASAN",
        realised_budget=876_543_219,
        realised_output="7654.321",
        physical_percent="98.765",
        beneficiaries=54_321,
        local_workers=65_432,
        obstacle="KENARI-KENDALA",
        follow_up="KENARI-TINDAK",
        follow_up_owner="KENARI-JABATAN",
        follow_up_due=datetime.date(2034, 12, 31),
        evidence_url="https://kenari.example/bukti",
    )
    note = "KENARI-CATATAN"
    save(returned, reason=note, return_note=note, realised_budget=765_432_198, obstacle="KENARI-DIKEMBALIKAN")
    make.report(
        make.activity(settled.program), 4, status="draft", realised_budget=543_219_876, obstacle="KENARI-TERHAPUS"
    ).delete()
    # The whole of it once more, in a file that waits to be applied.
    operator = world.people["operator"]
    received(as_csv(table_of(REPORTS, operator)), operator)
    return world


def save(record, reason="", **fields):
    for name, value in fields.items():
        setattr(record, name, value)
    record._change_reason = reason
    record.save()


def found_in(text) -> list[str]:
    return [word for word in [*WORDS, "KENARI"] if word in text]


def without_the_question(text, address) -> str:
    """A page may repeat what somebody typed into its address, and only that."""
    for word in SEARCHED:
        if word in address:
            text = text.replace(word, "")
    return text


@pytest.mark.parametrize("who", ["stranger", "leader", "bare"])
def test_whoever_may_not_read_them_finds_them_nowhere(world, who):
    """`bare` works at the other OPD here: the own OPD's drafts are for everybody who works there."""
    world.people["bare"].opd = world.dinkes
    world.people["bare"].save()
    leaks = {
        address: found
        for address, text in everything_found(browser_of(world.people[who]), SEARCHED)
        if (found := found_in(without_the_question(text, address)))
    }
    assert leaks == {}


@pytest.mark.parametrize("who", ["operator", "verifier", "secretary"])
def test_whoever_works_with_them_finds_each_of_them(world, who):
    """The canaries are alive: else the other tests would pass because there is nothing to find."""
    client = browser_of(world.people[who])
    rows = world.of[world.dinsos.pk]
    report, settled = rows["report:draft"], rows["activity:settled"]
    deleted = report.history.model.objects.filter(obstacle="KENARI-TERHAPUS", history_type="-").get()
    pages = [f"/sub-kegiatan/{settled.ref}/?riwayat=semua", "/realisasi/?format=csv&tahun=2025&tw=4"]
    admin = [
        f"/admin/tracker/report/{report.pk}/history/",
        f"/admin/tracker/report/{rows['report:returned'].pk}/history/",
        f"/admin/tracker/report/{deleted.id}/history/",
        f"/admin/tracker/activity/{settled.pk}/change/",
    ]
    shown = {where: "".join(unpacked(client.get(each)) for each in where) for where in (tuple(pages), tuple(admin))}
    on_pages, in_admin = shown.values()
    assert [name for name, forms in CANARIES.items() if not any(form in in_admin for form in forms)] == []
    on_the_pages = DRAFT | RETURNED | PAST
    assert [name for name, forms in on_the_pages.items() if not any(form in on_pages for form in forms)] == []


@pytest.mark.parametrize("who", ["stranger", "leader"])
def test_for_others_every_answer_is_that_of_a_world_without_them(bare_world, who):
    """Not a count, not a length differs; only /pelaporan/ counts what was returned, for everybody."""
    client, settled = browser_of(bare_world.people[who]), bare_world.of[bare_world.dinsos.pk]["activity:settled"]
    places = [address for address in every_address() if not address.startswith("/pelaporan/")]
    places += ["/realisasi/?tahun=2025&tw=4", "/realisasi/?tahun=2025&tw=4&format=csv", "/?tahun=2025&tw=4"]

    def answers():
        return {
            place: re.sub(r"'Expires': '[^']+'", "", TOKEN.sub("", unpacked(client.get(place)))) for place in places
        }

    before = answers()
    for quarter, status in ((3, "returned"), (4, "draft")):
        make.report(settled, quarter, status=status, realised_budget=876_543_219, obstacle="KENARI")
    after = answers()
    assert [place for place in places if before[place] != after[place]] == []


@pytest.mark.parametrize("model", ["report", "activity", "program", "opd", "user", "village", "partner"])
def test_a_search_for_them_answers_like_a_search_for_nothing(world, model):
    """Not one byte more than for a word that stands nowhere: no count, no row, no hint."""
    client = browser_of(world.people["stranger"])

    def answer(word):
        page = client.get(f"/admin/tracker/{model}/", {"q": word})
        return TOKEN.sub("", unpacked(page).replace(word, ""))

    for word in SEARCHED:
        assert answer(word) == answer("X" * len(word))


@pytest.mark.parametrize("who", ["stranger", "leader", "bare"])
def test_what_is_refused_says_nothing_about_them(world, who):
    """Answers to POSTs, and the messages that wait for the next page."""
    client, rows = browser_of(world.people[who]), world.of[world.dinsos.pk]
    texts = []
    for name, record in rows.items():
        kind = name.partition(":")[0]
        if kind in ("location", "opd"):
            continue
        for page in ("change", "delete", "history", "periksa"):
            address = f"/admin/tracker/{kind}/{record.pk}/{page}/"
            sent = {"post": "yes", "version": record.version, "status": "submitted", "note": "", "verify": "1"}
            texts.append(unpacked(client.post(address, sent)))
    chosen = [rows[name].pk for name in rows if name.startswith("report")]
    for action in ("submit_selected", "verify_selected"):
        for everything in ({}, {"select_across": "1"}):
            asked = {"action": action, "_selected_action": chosen, **everything}
            texts.append(unpacked(client.post("/admin/tracker/report/", asked, follow=True)))
    texts.append(
        unpacked(client.post("/admin/tracker/report/ajukan-semua/", {"period": rows["report:draft"].period_id}))
    )
    texts += [unpacked(client.get(page)) for page in ("/admin/", "/", "/admin/tracker/report/")]
    assert [found_in(text) for text in texts if found_in(text)] == []


def test_every_address_of_the_site_is_walked(world):
    """An address with a parameter that nobody knows here is an error."""
    assert len(every_address()) > 300
