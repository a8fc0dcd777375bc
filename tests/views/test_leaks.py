"""Drafts and return notes are for the own OPD, Verifikator and Sekretariat. Made here, then looked for everywhere."""

import datetime
import io
import zipfile

import pytest

from tests import make
from tests.admin.browser_form import sent_by
from tests.changing import change
from tests.reading import content, csv_rows
from tests.small_world import files_of, pages_of

# Text and figures that stand nowhere else; figures as pages and as files write them.
DRAFT = ["KENARI-KENDALA", "KENARI-TINDAK", "KENARI-JABATAN", "kenari.example", "876543219", "876.543.219"]
DRAFT += ["31-12-2034", "31 Des 2034", "54321", "54.321", "7,654", "98,765", "65432", "65.432"]
RETURNED = ["KENARI-CATATAN", "KENARI-DIKEMBALIKAN", "765432198", "765.432.198"]
PAST = ["KENARI-DULU", "KENARI-ALASAN", "654321987", "654.321.987", "3,217", "43219", "43.219", "kenari-tarik"]
STATUS_WORDS = ["Draf", "Dikembalikan"]


@pytest.fixture
def secrets(world):
    """A draft and a returned report of Dinsos, TW III and TW IV, of a sub kegiatan with a counted TW II."""
    make.report(
        world.houses,
        3,
        status="draft",
        realised_budget=876_543_219,
        realised_output="7.654",
        physical_percent="98.765",
        beneficiaries=54_321,
        local_workers=65_432,
        obstacle="KENARI-KENDALA",
        obstacle_category=make.obstacle_category("KENARI-KATEGORI"),
        follow_up="KENARI-TINDAK",
        follow_up_owner="KENARI-JABATAN",
        follow_up_due=datetime.date(2034, 12, 31),
        evidence_url="https://kenari.example/bukti",
    )
    make.report(
        world.houses,
        4,
        status="returned",
        return_note="KENARI-CATATAN",
        realised_budget=765_432_198,
        obstacle="KENARI-DIKEMBALIKAN",
        submitted_at=datetime.datetime(2026, 1, 9, tzinfo=datetime.UTC),
    )
    return world


@pytest.fixture
def past(world):
    """What reports of Dinsos held while they did not count: before they did, in between, and after they came back."""
    clerk = make.user("kenari-tarik")
    uncounted = {"realised_budget": 654_321_987, "realised_output": "3.217", "beneficiaries": 43_219}
    texts = {"obstacle": "KENARI-DULU", "follow_up": "KENARI-DULU", "reason": "KENARI-ALASAN"}
    counted = {"realised_budget": 91_000_000, "realised_output": 61, "beneficiaries": None}
    counted |= {"obstacle": "", "follow_up": ""}

    # Counted from the beginning, returned, drafted, withdrawn, and counted again.
    report = world.houses.reports.get()
    change(report, by=clerk, status="returned", return_note="KENARI-DULU", reason="KENARI-DULU")
    change(report, by=clerk, **uncounted, **texts)
    change(report, by=clerk, status="draft")
    change(report, status="submitted", **counted, return_note="KENARI-DULU", reason="Salah ketik")
    change(report, status="verified")
    # A draft first, then counted, then returned and left there.
    report = make.report(world.houses, 3, status="draft", obstacle_category=make.obstacle_category("KENARI-DULU"))
    change(report, by=clerk, **uncounted, **texts)
    change(report, status="submitted", **counted, obstacle_category=None)
    change(report, by=clerk, status="returned", return_note="KENARI-DULU", **uncounted, **texts)
    # Never counted, and gone.
    report = make.report(world.houses, 4, status="draft", **uncounted, obstacle="KENARI-DULU")
    report._history_user, report._change_reason = clerk, "KENARI-ALASAN"
    report.delete()
    return world


def history_of(activity) -> list[str]:
    """The page with its whole history, and that as files."""
    return [
        f"/sub-kegiatan/{activity.ref}/?riwayat=semua",
        *(f"/sub-kegiatan/{activity.ref}/?format={kind}&tabel=riwayat" for kind in ("csv", "xlsx")),
    ]


def unpacked(answer) -> str:
    """Headers and text of an answer; of a workbook, all that is packed in it."""
    body = content(answer)
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            body = b"\n".join(book.read(name) for name in book.namelist())
    return f"{answer.headers} {body.decode()}"


def everything_shown(client, world):
    """Every page, file and header at every quarter, each with its address."""
    places = [*pages_of(world), f"/sub-kegiatan/{world.houses.ref}/"]
    files = [*files_of(world), f"/sub-kegiatan/{world.houses.ref}/?format=csv"]
    for address in history_of(world.houses):
        yield address, unpacked(client.get(address))
    for address in [f"{page}?" for page in places] + [f"{file}&" for file in files]:
        for rest in ["tahun=2025&tw=3", "tahun=2025&tw=4", "tahun=2025&tw=4&hitung=terverifikasi"]:
            answer = client.get(address + rest)
            assert answer.status_code == 200
            yield address + rest, f"{answer.headers} {content(answer).decode()}"
    for word in ["KENARI", "kenari.example", "CATATAN"]:
        answer = client.get("/program/", {"q": word, "tahun": "2025"})
        yield f"/program/?q={word}", content(answer).decode().replace(word, "")


@pytest.mark.parametrize("who", ["as_stranger", "as_viewer"])
def test_nobody_else_finds_a_byte_of_them(secrets, request, who):
    client = request.getfixturevalue(who)
    for address, shown in everything_shown(client, secrets):
        found = [word for word in [*DRAFT, *RETURNED, "KENARI"] if word in shown]
        assert found == [], address
        # The words themselves stand on the page that explains them and on the one that counts returned reports.
        if not address.startswith(("/metode/", "/pelaporan/")):
            assert [word for word in STATUS_WORDS if word in shown] == [], address


@pytest.mark.parametrize("who", ["as_stranger"])
def test_nobody_gets_the_page_that_was_made_for_those_who_see_them(secrets, request, as_operator, as_secretary, who):
    """Kept pages: the operator and the Sekretariat have opened everything just before."""
    for client in (as_operator, as_secretary):
        for _ in everything_shown(client, secrets):
            pass
    client = request.getfixturevalue(who)
    for address, shown in everything_shown(client, secrets):
        assert [word for word in [*DRAFT, *RETURNED, "KENARI"] if word in shown] == [], address
        for reader in ["operator</span>", "sekretariat</span>", "/admin/"]:
            assert reader not in shown or (who == "as_stranger" and reader == "/admin/"), address


def test_a_message_for_one_reader_is_not_kept_for_the_next(secrets, as_secretary, as_stranger):
    """The admin's messages name records and figures; whoever opens a page next carries them along."""
    form = f"/admin/tracker/program/{secrets.aid.pk}/change/"
    saved = as_secretary.post(form, sent_by(as_secretary.get(form), objective="KENARI-TUJUAN", _continue="1"))
    assert saved.status_code == 302
    for client in (as_secretary, as_stranger):
        assert "sudah disimpan" not in content(client.get("/", {"tahun": "2025", "tw": "3"})).decode()
    assert "sudah disimpan" in content(as_secretary.get(saved.url)).decode()


@pytest.mark.parametrize("who", ["as_stranger", "as_viewer"])
def test_for_others_the_answers_are_those_of_a_world_without_them(world, request, who):
    """Not one byte differs, lengths and headers included."""
    client = request.getfixturevalue(who)
    make.obstacle_category("KENARI-KATEGORI")

    def answers():
        found = {}
        of_houses = [f"/sub-kegiatan/{world.houses.ref}/?format=csv{table}" for table in ("", "&tabel=riwayat")]
        for address in [*files_of(world), *of_houses]:
            answer = client.get(f"{address}&tahun=2025&tw=3")
            found[address] = f"{answer.headers} {content(answer).decode()}"
        return found

    before = answers()
    request.getfixturevalue("secrets")
    assert answers() == before


@pytest.mark.parametrize("who", ["as_operator", "as_coordinator", "as_secretary"])
def test_the_own_opd_and_those_who_verify_read_them_in_the_file(secrets, request, who):
    client = request.getfixturevalue(who)
    for address in [f"/sub-kegiatan/{secrets.houses.ref}/?format=csv", "/realisasi/?format=csv&tahun=2025&tw=3"]:
        file = content(client.get(address)).decode()
        for word in ["KENARI-KENDALA", "KENARI-TINDAK", "KENARI-JABATAN", "KENARI-KATEGORI", "876543219", "7,654"]:
            assert word in file
        for word in ["https://kenari.example/bukti", "31-12-2034", "54321", "65432", "98,765", ";Draf;"]:
            assert word in file
    assert ";Dikembalikan;" in content(client.get("/realisasi/?format=csv&tahun=2025&tw=4")).decode()


@pytest.mark.parametrize("who", ["as_operator", "as_coordinator", "as_secretary"])
def test_the_own_opd_and_those_who_verify_see_that_they_are_waiting(secrets, request, who):
    client = request.getfixturevalue(who)
    page = content(client.get(f"/sub-kegiatan/{secrets.houses.ref}/")).decode()
    assert "Draf" in page and "belum dihitung" in page
    assert "Dikembalikan" in page and "KENARI-CATATAN" in page
    assert "876.543.219" in content(client.get("/realisasi/?tahun=2025&tw=3")).decode()


@pytest.mark.parametrize("who", ["as_operator", "as_secretary"])
def test_even_for_those_who_see_them_they_do_not_count(secrets, request, who):
    client = request.getfixturevalue(who)
    file = content(client.get("/strategi/?format=csv&tahun=2025&tw=3")).decode()
    assert "1;Mengurangi beban pengeluaran;1;2;400000000;150000000;37,50;41,25;75,00;75,00;-33,75" in file
    assert "876543219" not in file


def test_an_account_without_an_opd_sees_no_drafts_of_programs(secrets, as_viewer):
    assert "KENARI" not in content(as_viewer.get(f"/sub-kegiatan/{secrets.houses.ref}/")).decode()


# What was, in the history


@pytest.mark.parametrize("who", ["as_stranger", "as_viewer"])
def test_nobody_else_finds_a_byte_of_what_did_not_count_in_the_past(past, request, who, as_operator, as_secretary):
    """The operator and the Sekretariat have opened everything just before: kept pages."""
    page = f"/sub-kegiatan/{past.houses.ref}/"
    places = [*history_of(past.houses), page, f"{page}?tw=3", f"{page}?format=csv", f"/program/{past.aid.pk}/", "/"]
    for client in (as_operator, as_secretary, request.getfixturevalue(who)):
        shown = {address: unpacked(client.get(address)) for address in places}
    found = {address: [word for word in [*PAST, "KENARI"] if word in text] for address, text in shown.items()}
    assert not any(found.values()), found


@pytest.mark.parametrize("who", ["as_operator", "as_coordinator", "as_secretary"])
def test_the_own_opd_and_those_who_verify_read_it_all_in_the_history(past, request, who):
    client = request.getfixturevalue(who)
    page, file, book = (unpacked(client.get(address)) for address in history_of(past.houses))
    for word in ["KENARI-DULU", "KENARI-ALASAN", "3,217", "kenari-tarik", "dihapus", "dikembalikan", "sebagai draf"]:
        assert word in page and word in file
    assert "654.321.987" in page and "654321987" in file and "654321987" in book
    assert "KENARI-ALASAN" in book and "tidak lagi dihitung" not in page


@pytest.mark.parametrize("who", ["as_stranger", "as_viewer"])
def test_others_read_from_one_counted_state_to_the_next(past, request, who):
    rows = csv_rows(request.getfixturevalue(who).get(history_of(past.houses)[1]))
    told = [(row["Siapa"], row["Apa"], row["Isian"], row["Semula"], row["Menjadi"], row["Alasan"]) for row in rows]
    assert [row for row in told if "Laporan" in row[1]] == [
        ("", "Laporan TW III 2025 tidak lagi dihitung", "", "", "", ""),
        ("sistem", "Laporan TW III 2025 diajukan", "Realisasi anggaran", "", "91000000", ""),
        ("sistem", "Laporan TW III 2025 diajukan", "Realisasi keluaran", "", "61", ""),
        ("sistem", "Laporan TW III 2025 diajukan", "Status", "", "Diajukan", ""),
        ("sistem", "Laporan TW II 2025 diverifikasi", "Status", "Diajukan", "Diverifikasi", ""),
        ("sistem", "Laporan TW II 2025 diajukan", "Realisasi anggaran", "90000000", "91000000", "Salah ketik"),
        ("sistem", "Laporan TW II 2025 diajukan", "Realisasi keluaran", "60", "61", "Salah ketik"),
        ("", "Laporan TW II 2025 tidak lagi dihitung", "", "", "", ""),
        ("sistem", "Laporan TW II 2025 diajukan", "Realisasi anggaran", "", "90000000", ""),
        ("sistem", "Laporan TW II 2025 diajukan", "Realisasi keluaran", "", "60", ""),
        ("sistem", "Laporan TW II 2025 diajukan", "Status", "", "Diajukan", ""),
    ]


def test_a_deactivated_operator_with_an_open_session_reads_nothing(past, as_operator, operator):
    operator.is_active = False
    operator.save()
    for address in history_of(past.houses):
        assert as_operator.get(address).status_code == 302
