"""/impor/: a sheet is uploaded, its columns understood, its plan shown, and applied: by whom, and what is said."""

import csv
import io

import openpyxl
import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import make
from tests.imports.sending import PROGRAM, REPORTS, as_csv, as_xlsx, received, rows_of, sheet_of, table_of
from tests.reading import attributes, content, csv_lines, elements, headline, links, page, text, words
from tests.views.signing_in import leave_alone, send
from tracker.models import Activity, ColumnMapping, ImportBatch, Program, Report
from tracker.models.imports import Sheet

FIGURES = {"Realisasi keluaran": "40", "Realisasi anggaran": "400000"}


@pytest.fixture
def activity(dinsos):
    make.periods()
    return make.activity(make.program(dinsos, name="Bantuan sosial"), name="Sembako")


@pytest.fixture
def other(activity, dinkes):
    return make.activity(make.program(dinkes), name="Imunisasi")


def upload(client, content, name="kiriman.csv", **fields):
    return client.post("/impor/", {"sheet": "", "file": SimpleUploadedFile(name, content), **fields}, follow=True)


def said(response) -> list[str]:
    """The messages of a page."""
    return [words(p) for p in elements(page(response), "p", "div") if "message" in attributes(p).get("class", "")]


def counts(response) -> dict[str, str]:
    [shown] = [ul for ul in elements(page(response), "ul") if attributes(ul).get("class") == "counts"]
    return {words(li).split(" ", 1)[1]: words(li).split(" ", 1)[0] for li in elements(shown, "li")}


def table(response, label) -> list[list[str]]:
    """The rows of the table with this name, as texts."""
    for div in elements(page(response), "div"):
        if attributes(div).get("aria-label") == label:
            body = next(elements(div, "tbody"))
            return [[words(cell) for cell in elements(tr, "th", "td")] for tr in elements(body, "tr")]
    return []


def buttons(response) -> list[str]:
    return [words(button) for button in elements(next(elements(page(response), "main")), "button")]


def apply(client, batch=None):
    batch = batch or ImportBatch.objects.get()
    return client.post(f"/impor/{batch.pk}/terapkan/", {"apply": "1"}, follow=True)


def reports_sheet(user, *edits, quarter=1, **options) -> list[dict]:
    rows = sorted(rows_of(REPORTS, user, quarters=[quarter], **options), key=lambda row: row["Register"])
    for row, edit in zip(rows, edits, strict=False):
        row.update(edit)
    return rows


class TestFromUploadToApplied:
    def test_a_realisasi_as_csv(self, activity, as_operator, operator):
        preview = upload(as_operator, sheet_of(reports_sheet(operator, FIGURES)), "tw1.csv")
        batch = ImportBatch.objects.get()
        assert preview.redirect_chain == [(f"/impor/{batch.pk}/", 302)]
        assert headline(preview) == "1 baris baru, siap diterapkan."
        assert counts(preview) == {
            "Baru": "1", "Berubah": "0", "Tidak berubah": "0", "Ditolak": "0", "Dilewati": "0",
        }  # fmt: skip
        [[number, name, changes]] = table(preview, "Tabel perubahan")
        assert (number, name) == ("2", f"Sembako Baru · {activity.ref} · Dinsos")
        assert "Realisasi anggaran Rp 400.000" in changes
        assert table(preview, "Tabel rupiah sebelum dan sesudah") == [
            ["Dinsos, TW I 2026", "0", "400.000", "+400.000"]
        ]
        assert buttons(preview) == ["Terapkan 1 baris", "Batalkan"]
        assert not Report.objects.exists()

        done = apply(as_operator)
        assert done.redirect_chain == [(f"/impor/{batch.pk}/", 302)]
        assert headline(done) == "Sudah diterapkan: 1 baris baru."
        assert said(done) == ["Semua perubahan dari berkas ini sudah ditulis."]
        assert buttons(done) == []
        assert links(done)[activity.ref] == f"/sub-kegiatan/{activity.ref}/"
        report = Report.objects.get()
        assert (report.realised_budget, report.submitted_by) == (400_000, operator)
        assert report.history.get().history_source == "tw1.csv"

    def test_a_program_as_xlsx(self, activity, as_secretary, secretary):
        book = openpyxl.load_workbook(io.BytesIO(as_xlsx(table_of(PROGRAM, secretary))))
        titles = [cell.value for cell in book.active[1]]
        book.active.cell(2, titles.index("Pagu") + 1).value = 2_500_000
        edited = io.BytesIO()
        book.save(edited)
        preview = upload(as_secretary, edited.getvalue(), "program.xlsx")
        [[_, _, changes]] = table(preview, "Tabel perubahan")
        assert changes == "Pagu Rp 1.000.000 → Rp 2.500.000"
        assert headline(apply(as_secretary)) == "Sudah diterapkan: 1 baris berubah."
        activity.refresh_from_db()
        assert activity.budget == 2_500_000

    def test_new_sub_kegiatan_are_named_with_the_register_they_got(self, activity, as_operator, operator):
        row = rows_of(PROGRAM, operator)[0] | {"Register": "", "Versi": "", "Sub kegiatan": "Modal usaha"}
        upload(as_operator, sheet_of([row]))
        done = apply(as_operator)
        made = Activity.objects.get(name="Modal usaha")
        assert links(done)[made.ref] == f"/sub-kegiatan/{made.ref}/"

    def test_an_untouched_file_has_nothing_to_apply(self, activity, as_operator, operator):
        preview = upload(as_operator, as_csv(table_of(PROGRAM, operator)))
        assert headline(preview) == "Tidak ada yang berubah: isi berkas ini sama dengan yang tersimpan."
        assert buttons(preview) == ["Batalkan"]
        assert said(apply(as_operator)) == [
            "Belum ada yang ditulis: keadaannya berubah sejak pratinjau tadi. Periksa lagi."
        ]

    def test_totals_of_several_opds_have_a_sum(self, activity, other, as_secretary, secretary):
        rows = rows_of(PROGRAM, secretary)
        for row in rows:
            row["Pagu"] = "3000000"
        preview = upload(as_secretary, sheet_of(rows))
        assert table(preview, "Tabel rupiah sebelum dan sesudah") == [
            ["Dinkes, 2026", "1.000.000", "3.000.000", "+2.000.000"],
            ["Dinsos, 2026", "1.000.000", "3.000.000", "+2.000.000"],
        ]
        assert words(next(elements(page(preview), "tfoot"))) == "Jumlah 2.000.000 6.000.000 +4.000.000"

    def test_cumulative_figures_of_several_quarters_have_no_sum(self, activity, as_operator, operator):
        rows = [*reports_sheet(operator, FIGURES), *reports_sheet(operator, FIGURES, quarter=2)]
        preview = upload(as_operator, sheet_of(rows))
        assert len(table(preview, "Tabel rupiah sebelum dan sesudah")) == 2
        assert list(elements(page(preview), "tfoot")) == []

    def test_what_was_left_out_is_said_with_its_lines(self, activity, as_operator, operator):
        rows = reports_sheet(operator, FIGURES)
        rows += [{"Register": "Jumlah", "Realisasi anggaran": "400000"}]
        preview = upload(as_operator, sheet_of(rows))
        assert "Baris jumlah. Baris 3" in text(preview)

    def test_a_file_that_was_applied_before_says_so(self, activity, as_operator, operator):
        sent = sheet_of(reports_sheet(operator, FIGURES | {"Versi": ""}))
        upload(as_operator, sent)
        apply(as_operator)
        again = upload(as_operator, sent)
        assert said(again)[0].startswith("Berkas yang sama sudah pernah diterapkan oleh operator pada ")
        assert headline(again).startswith("Tidak ada yang berubah")

    def test_the_choice_of_the_sheet_is_kept(self, activity, as_operator):
        upload(as_operator, b"Kolom satu;Kolom dua;Kolom tiga\r\n1;2;3\r\n", sheet=Sheet.REPORTS)
        assert ImportBatch.objects.get().sheet == Sheet.REPORTS


class TestOnceAndNoMore:
    def test_applying_twice_writes_once_and_says_so(self, activity, as_operator, operator):
        upload(as_operator, sheet_of(reports_sheet(operator, FIGURES)))
        apply(as_operator)
        again = apply(as_operator)
        assert said(again) == ["Berkas ini sudah diterapkan, jadi kali ini tidak ada yang ditulis."]
        assert Report.objects.get().version == 1

    def test_a_double_click_makes_one_batch(self, activity, as_operator, operator):
        sent = sheet_of(reports_sheet(operator, FIGURES))
        answers = [upload(as_operator, sent) for _ in range(2)]
        assert answers[0].redirect_chain == answers[1].redirect_chain
        assert ImportBatch.objects.count() == 1

    def test_the_same_file_of_another_hour_is_another_batch(self, activity, as_operator, operator):
        sent = sheet_of(reports_sheet(operator, FIGURES))
        upload(as_operator, sent)
        ImportBatch.objects.update(uploaded_at=timezone.now() - timezone.timedelta(hours=1))
        upload(as_operator, sent)
        assert ImportBatch.objects.count() == 2

    def test_a_cancelled_batch_writes_nothing_any_more(self, activity, as_operator, operator):
        upload(as_operator, sheet_of(reports_sheet(operator, FIGURES)))
        batch = ImportBatch.objects.get()
        gone = as_operator.post(f"/impor/{batch.pk}/batal/", follow=True)
        assert said(gone) == ["Impor “kiriman.csv” dibatalkan. Tidak ada yang ditulis."]
        assert said(apply(as_operator)) == ["Impor berkas ini sudah dibatalkan, jadi kali ini tidak ada yang ditulis."]
        shown = as_operator.get(f"/impor/{batch.pk}/")
        assert (headline(shown), buttons(shown)) == ("Impor ini dibatalkan; tidak ada yang ditulis.", [])
        assert not Report.objects.exists()

    def test_what_was_applied_cannot_be_cancelled(self, activity, as_operator, operator):
        upload(as_operator, sheet_of(reports_sheet(operator, FIGURES)))
        apply(as_operator)
        batch = ImportBatch.objects.get()
        answer = as_operator.post(f"/impor/{batch.pk}/batal/", follow=True)
        assert said(answer) == ["Berkas ini sudah diterapkan, jadi tidak ada yang dibatalkan lagi."]
        batch.refresh_from_db()
        assert batch.state == ImportBatch.State.APPLIED

    def test_the_columns_of_an_applied_file_stay(self, activity, as_operator, operator):
        upload(as_operator, sheet_of(reports_sheet(operator, FIGURES)))
        apply(as_operator)
        batch = ImportBatch.objects.get()
        for answer in (as_operator.get(f"/impor/{batch.pk}/kolom/"), as_operator.post(f"/impor/{batch.pk}/kolom/")):
            assert (answer.status_code, answer.url) == (302, f"/impor/{batch.pk}/")


class TestWhoMay:
    @pytest.mark.parametrize("who", ["as_viewer", "as_coordinator"])
    def test_who_enters_no_figures_sends_no_files(self, request, activity, operator, who):
        client = request.getfixturevalue(who)
        answer = upload(client, sheet_of(reports_sheet(operator, FIGURES)))
        assert (answer.status_code, ImportBatch.objects.count()) == (403, 0)
        assert headline(answer) == "Akun Anda tidak berhak membuka halaman ini."

    def test_others_do_not_find_a_batch(self, activity, operator, as_stranger):
        batch, _ = received(sheet_of(reports_sheet(operator, FIGURES)), operator)
        home = f"/impor/{batch.pk}/"
        answers = [as_stranger.get(home), as_stranger.get(f"{home}?format=csv"), as_stranger.get(f"{home}kolom/")]
        answers += [as_stranger.post(f"{home}{step}/") for step in ("kolom", "terapkan", "batal")]
        assert {answer.status_code for answer in answers} == {404}
        batch.refresh_from_db()
        assert batch.is_open and not Report.objects.exists()
        assert "kiriman.csv" not in text(as_stranger.get("/impor/"))

    def test_the_sekretariat_sees_and_applies_what_an_operator_sent(self, activity, operator, as_secretary, secretary):
        batch, _ = received(sheet_of(reports_sheet(operator, FIGURES)), operator)
        assert "kiriman.csv" in text(as_secretary.get("/impor/"))
        assert headline(apply(as_secretary, batch)) == "Sudah diterapkan: 1 baris baru."
        assert Report.objects.get().history.get().history_user == secretary

    def test_rows_of_another_opd_are_refused_by_line(self, activity, other, as_operator, operator):
        preview = upload(as_operator, sheet_of(reports_sheet(operator, FIGURES, FIGURES)))
        assert headline(preview) == "1 baris bermasalah, jadi berkas ini belum dapat diterapkan."
        assert table(preview, "Tabel masalah") == [
            ["3", other.ref, "OPD", "Dinkes",
             "Baris ini milik Dinkes; Anda hanya dapat mengisi Dinsos. Hapus barisnya dari berkas."],
        ]  # fmt: skip
        apply(as_operator)
        assert not Report.objects.exists()

    def test_a_locked_quarter_refuses(self, activity, as_operator, operator):
        sent = sheet_of(reports_sheet(operator, FIGURES))
        make.period(quarter=1, locked_at=timezone.now(), lock_reason="Angka final")
        preview = upload(as_operator, sent)
        [[line, _, column, value, reason]] = table(preview, "Tabel masalah")
        assert (line, column, value) == ("2", "Triwulan", "TW I")
        assert "dikunci" in reason
        assert "Terapkan" not in " ".join(buttons(preview))

    def test_a_quarter_locked_after_the_preview_refuses_as_well(self, activity, as_operator, operator):
        assert buttons(upload(as_operator, sheet_of(reports_sheet(operator, FIGURES))))[0] == "Terapkan 1 baris"
        make.period(quarter=1, locked_at=timezone.now(), lock_reason="Angka final")
        answer = apply(as_operator)
        assert said(answer) == ["Belum ada yang ditulis: keadaannya berubah sejak pratinjau tadi. Periksa lagi."]
        assert headline(answer) == "1 baris bermasalah, jadi berkas ini belum dapat diterapkan."
        assert not Report.objects.exists()

    def test_a_role_taken_away_ends_it(self, activity, as_operator, operator):
        upload(as_operator, sheet_of(reports_sheet(operator, FIGURES)))
        operator.groups.clear()
        assert apply(as_operator).status_code == 403
        assert not Report.objects.exists()

    def test_the_lists_of_the_admin_lead_here(self, activity, as_operator, as_coordinator):
        for model in ("program", "activity", "report"):
            assert links(as_operator.get(f"/admin/tracker/{model}/"))["Impor"] == "/impor/"
            assert "Impor" not in links(as_coordinator.get(f"/admin/tracker/{model}/"))
        assert "Impor" not in links(as_operator.get("/admin/tracker/period/"))
        assert links(as_operator.get("/admin/"))["Unggah berkas XLSX atau CSV"] == "/impor/"

    def test_applying_after_the_session_has_ended_asks_to_sign_in_and_then_goes_on(
        self, activity, operator, as_operator
    ):
        upload(as_operator, sheet_of(reports_sheet(operator, FIGURES)))
        batch = ImportBatch.objects.get()
        leave_alone(as_operator)
        asked = as_operator.post(f"/impor/{batch.pk}/terapkan/", {"apply": "1"})
        assert asked.status_code == 403
        assert not Report.objects.exists()
        entered = send(as_operator, asked, username="operator", password=make.PASSWORD)
        assert headline(entered) == "Isian Anda masih ada."
        assert send(as_operator, entered).url == f"/impor/{batch.pk}/"
        assert Report.objects.count() == 1


class TestBadFiles:
    @pytest.mark.parametrize(
        ("name", "sent", "words_said"),
        [
            ("kosong.csv", b"", "Berkas ini kosong"),
            ("gambar.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "Berkas ini gambar, bukan lembar kerja"),
            ("rusak.xlsx", b"PK\x03\x04" + b"\0" * 200, "Berkas rusak"),
            ("judul.csv", b"\r\n\r\n", "kosong"),
        ],
    )
    def test_get_a_sentence_and_leave_nothing(self, as_operator, name, sent, words_said):
        answer = upload(as_operator, sent, name)
        assert answer.status_code == 200
        [complaint] = said(answer)
        assert complaint.startswith("Berkas belum diterima. ") and words_said in complaint
        assert not ImportBatch.objects.exists()

    def test_places_of_identity_numbers_are_listed_without_them(self, as_operator):
        rows = "".join("Budi;1604010101010001\r\n" for _ in range(120)).encode()
        answer = upload(as_operator, b"Nama;Nomor\r\n" + rows)
        [complaint] = said(answer)
        assert "baris 2 kolom B" in complaint and "baris 101 kolom B" in complaint
        assert "baris 102" not in complaint and complaint.endswith("dan 20 tempat lainnya.")
        assert "1604010101010001" not in answer.content.decode()
        assert not ImportBatch.objects.exists()

    def test_a_file_beyond_the_limit(self, as_operator, settings):
        settings.UPLOAD_LIMIT_MB = 1
        answer = upload(as_operator, b"a;b\r\n" * 400_000)
        assert said(answer)[0].startswith("Berkas belum diterima. Berkas lebih besar dari 1 MB")
        assert not ImportBatch.objects.exists()

    def test_no_file_at_all(self, as_operator):
        answer = as_operator.post("/impor/", {"sheet": ""})
        assert "Pilih dahulu berkasnya." in text(answer)

    def test_an_unknown_sheet(self, as_operator):
        answer = upload(as_operator, b"a;b\r\n1;2\r\n", sheet="<script>")
        assert "Lembar ini tidak dikenal. Pilih dari daftarnya." in text(answer)
        assert not ImportBatch.objects.exists()

    def test_what_a_file_contains_is_shown_and_not_run(self, activity, as_operator, operator):
        evil = "<script>alert(1)<b>"
        row = reports_sheet(operator, FIGURES)[0] | {"Kendala": evil, "Fisik": evil, "Realisasi keluaran": "x"}
        preview = upload(as_operator, sheet_of([row]), f"{evil}.csv")
        columns = as_operator.get(f"/impor/{ImportBatch.objects.get().pk}/kolom/")
        foreign = upload(as_operator, f"{evil};{evil} dua;tiga\r\n{evil};2;3\r\n".encode(), f"{evil}.csv")
        ImportBatch.objects.update(state=ImportBatch.State.APPLIED)
        done = as_operator.get(ImportBatch.objects.first().get_absolute_url())
        for answer in (preview, columns, foreign, as_operator.get("/impor/"), done):
            assert "<script>alert" not in answer.content.decode()
            assert "&lt;script&gt;alert(1)&lt;b&gt;" in answer.content.decode()


class TestProblems:
    def refused(self, client, operator):
        rows = reports_sheet(operator, FIGURES, FIGURES | {"Realisasi keluaran": "1.5 juta", "Fisik": "200"})
        rows[0]["Kendala"] = '\'=hujan; "deras"\nsekali'
        return upload(client, sheet_of(rows))

    @pytest.fixture
    def two(self, activity):
        return make.activity(activity.program, name="Bedah rumah")

    def test_each_is_named_by_line_column_and_value(self, two, as_operator, operator):
        shown = table(self.refused(as_operator, operator), "Tabel masalah")
        assert {(line, ref, column, value) for line, ref, column, value, _ in shown} == {
            ("3", two.ref, "Realisasi keluaran", "1.5 juta"),
        } | {tuple(row[:4]) for row in shown if row[2] == "Fisik"}

    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_the_whole_sheet_comes_back_corrected(self, two, as_operator, operator, kind):
        self.refused(as_operator, operator)
        batch = ImportBatch.objects.get()
        answer = as_operator.get(f"/impor/{batch.pk}/", {"format": kind, "tabel": "masalah"})
        assert answer["Content-Disposition"] == (f'attachment; filename="pantau-realisasi-masalah-{batch.pk}.{kind}"')
        if kind == "csv":
            lines = csv_lines(answer)
            wrong = lines[0].index("Realisasi keluaran")
            assert (lines[0][-1], lines[1][-1]) == ("Masalah", "")
            assert lines[2][-1].startswith("Realisasi keluaran: “1.5 juta” bukan angka yang dikenal.")
            assert lines[1][lines[0].index("Kendala")] == '\'=hujan; "deras"\nsekali'
            lines[2][wrong], lines[2][lines[0].index("Fisik")] = "50", "50"
            file = io.StringIO(newline="")
            csv.writer(file, delimiter=";", lineterminator="\r\n").writerows(lines)
            corrected = file.getvalue().encode("utf-8-sig")
        else:
            book = openpyxl.load_workbook(io.BytesIO(content(answer)))
            titles = [cell.value for cell in book["realisasi"][1]]
            assert titles[-1] == "Masalah"
            for title in ("Realisasi keluaran", "Fisik"):
                book["realisasi"].cell(3, titles.index(title) + 1).value = 50
            edited = io.BytesIO()
            book.save(edited)
            corrected = edited.getvalue()
        preview = upload(as_operator, corrected, f"masalah.{kind}")
        assert headline(preview) == "2 baris baru, siap diterapkan."
        assert headline(apply(as_operator, ImportBatch.objects.first())) == "Sudah diterapkan: 2 baris baru."
        assert '=hujan; "deras"\nsekali' in Report.objects.values_list("obstacle", flat=True)

    def test_cells_that_are_no_plain_values_come_back_as_they_were(self, two, as_operator, operator):
        """A percentage that was right stays right, and an error stays an error."""
        book = openpyxl.load_workbook(io.BytesIO(as_xlsx(table_of(REPORTS, operator, quarters=[1]))))
        titles = [cell.value for cell in book.active[1]]
        for line, figure in ((2, 40), (3, "#REF!")):
            for title, value in {"Realisasi keluaran": figure, "Realisasi anggaran": 400_000, "Fisik": 0.455}.items():
                cell = book.active.cell(line, titles.index(title) + 1, value)
                cell.number_format = "0.0%" if title == "Fisik" else "General"
        edited = io.BytesIO()
        book.save(edited)
        preview = upload(as_operator, edited.getvalue(), "galat.xlsx")
        [problem] = table(preview, "Tabel masalah")
        assert problem[2:4] == ["Realisasi keluaran", "#REF!"]
        sheet = as_operator.get(f"/impor/{ImportBatch.objects.get().pk}/?format=csv")
        lines = csv_lines(sheet)
        assert [line[titles.index("Fisik")] for line in lines[1:]] == ["45,5", "45,5"]
        again = upload(as_operator, content(as_operator.get(sheet.request["PATH_INFO"] + "?format=csv")))
        assert [row[2:4] for row in table(again, "Tabel masalah")] == [["Realisasi keluaran", "#REF!"]]
        assert counts(again)["Baru"] == "1"

    def test_only_the_first_hundred_are_on_the_page(self, activity, as_operator, operator):
        for _ in range(104):
            make.activity(activity.program)
        rows = [row | FIGURES | {"Fisik": "x"} for row in reports_sheet(operator)]
        preview = upload(as_operator, sheet_of(rows))
        assert len(table(preview, "Tabel masalah")) == 100
        assert "dan 5 masalah lainnya di berkas unduhan." in text(preview)
        lines = csv_lines(as_operator.get(f"/impor/{ImportBatch.objects.get().pk}/?format=csv"))
        assert sum(bool(line[-1]) for line in lines[1:]) == 105

    def test_all_changes_are_in_a_file(self, activity, as_operator, operator):
        upload(as_operator, sheet_of(reports_sheet(operator, FIGURES)))
        lines = csv_lines(as_operator.get(f"/impor/{ImportBatch.objects.get().pk}/?format=csv&tabel=perubahan"))
        assert lines[0] == ["Baris", "Hasil", "Register", "OPD", "Sub kegiatan", "Kolom", "Semula", "Menjadi"]
        assert ["2", "Baru", activity.ref, "Dinsos", "Sembako", "Realisasi keluaran", "kosong", "40"] in lines

    @pytest.mark.parametrize("question", ["format=pdf", "format=csv&tabel=x", "format=csv&tabel=" + "x" * 500])
    def test_an_unknown_file_is_answered_in_words(self, activity, as_operator, operator, question):
        batch, _ = received(sheet_of(reports_sheet(operator, FIGURES)), operator)
        answer = as_operator.get(f"/impor/{batch.pk}/?{question}")
        assert answer.status_code == 400
        assert "tidak dikenal. Yang tersedia: " in text(answer)


FOREIGN = ["No", "SKPD Pelaksana", "Nama Paket", "Asal", "Banyak", "Ukuran", "Hasil", "Ongkos (Rp)"]
MEANING = {"C": "Sub kegiatan", "D": "Sumber dana", "E": "Target", "F": "Satuan", "G": "Indikator", "H": "Pagu"}


def fields_of(response) -> dict[str, str]:
    """What the form for the columns would send."""
    form = next(elements(next(elements(page(response), "main")), "form"))
    fields = {}
    for field in elements(form, "input", "select"):
        name = attributes(field).get("name")
        if field.name == "input":
            fields[name] = attributes(field).get("value", "")
        else:
            options = list(elements(field, "option"))
            chosen = next((one for one in options if "selected" in attributes(one)), options[0])
            fields[name] = attributes(chosen).get("value", words(chosen))
    return fields


def chosen(response, **changes) -> dict[str, str]:
    """The form as it came with these columns (C="Sub kegiatan") and other fields."""
    columns = {f"column_{ord(name) - 65}": text for name, text in changes.items() if len(name) == 1}
    return fields_of(response) | columns | {name: text for name, text in changes.items() if len(name) > 1}


class TestForeignFiles:
    @pytest.fixture
    def sources(self, activity):
        return make.funding_source("DAU", name="Dana Alokasi Umum")

    def semicolons(self) -> bytes:
        lines = [
            FOREIGN,
            ["1", "Dinas Sosial", "Bantuan beras – tahap I", "DAU", "1.250,5", "KPM", "Keluarga", "Rp 75.000.000"],
            ["2", "Dinas Sosial", "Bantuan modal", "DAU", "40", "KPM", "Usaha dibantu", "Rp 1.250.000"],
        ]  # fmt: skip
        return "\r\n".join(";".join(line) for line in lines).encode("cp1252")

    def with_titles(self) -> bytes:
        """A workbook with title lines, headings of two lines, thousands commas and a sum."""
        file = io.BytesIO()
        book = xlsxwriter.Workbook(file)
        sheet = book.add_worksheet("Belanja")
        sheet.write(0, 0, "DAFTAR ANGGARAN")
        sheet.write(1, 0, "Dinas Sosial")
        for index, heading in enumerate(FOREIGN):
            sheet.write(3, index, heading)
        sheet.write_row(
            4, 0, ["1", "Dinas Sosial", "Bantuan beras", "DAU", "1,250", "KPM", "Terbantu", "75,000,000.00"]
        )
        sheet.write_row(5, 0, ["2", "Dinas Sosial", "Bantuan modal", "DAU", "40", "KPM", "Terbantu", "1,250,000.00"])
        sheet.write_row(6, 0, ["", "JUMLAH", "", "", "", "", "", "76,250,000.00"])
        book.close()
        return file.getvalue()

    def mapped(self, client, answer, **changes):
        sent = chosen(answer, **MEANING, fixed_year="2026", fixed_program="Paket", action="go", **changes)
        return client.post(answer.request["PATH_INFO"], sent, follow=True)

    def test_say_kindly_what_is_unknown_and_propose(self, sources, as_operator):
        asked = upload(as_operator, self.semicolons())
        assert headline(asked) == "Judul kolom berkas ini berbeda dari lembar kami. Cocokkan kolomnya."
        [complaint] = said(asked)
        assert "“Nama Paket” (kolom C)" in complaint and "Kolom ini tidak ada: Tahun, OPD, Program" in complaint
        assert (fields_of(asked)["column_1"], fields_of(asked)["column_3"]) == ("OPD", "Sumber dana")
        assert as_operator.get(f"/impor/{ImportBatch.objects.get().pk}/").url.endswith("/kolom/")

    def test_a_csv_of_windows_with_semicolons(self, sources, as_operator):
        preview = self.mapped(as_operator, upload(as_operator, self.semicolons()))
        assert headline(preview) == "2 baris baru, siap diterapkan."
        apply(as_operator)
        made = Activity.objects.exclude(name="Sembako").order_by("ref").values_list("name", "target", "budget")
        assert [(name, float(target), budget) for name, target, budget in made] == [
            ("Bantuan beras – tahap I", 1250.5, 75_000_000),
            ("Bantuan modal", 40, 1_250_000),
        ]
        assert Program.objects.filter(name="Paket", fiscal_year=2026).count() == 1

    def test_a_workbook_with_titles_and_thousands_commas(self, sources, as_operator):
        asked = upload(as_operator, self.with_titles(), "anggaran.xlsx")
        fields = fields_of(asked)
        assert (fields["first_heading"], fields["last_heading"], fields["has_decimal_points"]) == ("4", "4", "1")
        preview = self.mapped(as_operator, asked)
        assert counts(preview) == {
            "Baru": "2", "Berubah": "0", "Tidak berubah": "0", "Ditolak": "0", "Dilewati": "1",
        }  # fmt: skip
        apply(as_operator)
        assert list(Activity.objects.filter(name__startswith="Bantuan").values_list("budget", flat=True)) == [
            75_000_000,
            1_250_000,
        ]

    def test_the_first_rows_are_shown_as_they_are_read_and_nothing_is_stored(self, sources, as_operator):
        asked = upload(as_operator, self.semicolons())
        sent = chosen(
            asked, **MEANING | {"E": "Pagu", "H": "Target"}, fixed_year="2026", fixed_program="P", action="look"
        )
        seen = as_operator.post(asked.request["PATH_INFO"], sent)
        first, second = table(seen, "Tabel hasil bacaan")
        assert first[:5] == ["2", "2026", "Dinsos", "P", "Bantuan beras – tahap I"]
        assert second[-1] == "Rp 40"
        assert ImportBatch.objects.get().layout is None
        assert fields_of(seen)["column_4"] == "Pagu"

    def test_faults_of_cells_stand_in_their_cells(self, sources, as_operator):
        asked = upload(as_operator, self.semicolons())
        sent = chosen(asked, **MEANING | {"E": "Pagu", "G": "Target", "H": "Indikator"}, fixed_program="P")
        seen = as_operator.post(asked.request["PATH_INFO"], sent | {"fixed_year": "2026", "action": "look"})
        assert "“Keluarga” bukan angka yang dikenal." in table(seen, "Tabel hasil bacaan")[0][-2]

    def test_a_mapping_is_remembered_and_named(self, sources, as_operator, operator):
        self.mapped(as_operator, upload(as_operator, self.semicolons()), name="Daftar Dinsos")
        apply(as_operator)
        mapping = ColumnMapping.objects.get()
        assert (mapping.name, mapping.made_by, mapping.sheet) == ("Daftar Dinsos", operator, Sheet.PROGRAM)
        again = upload(as_operator, self.with_titles(), "lain.xlsx")
        assert headline(again) == "Susunan “Daftar Dinsos” dipakai lagi. Periksa, lalu lanjutkan."
        assert (fields_of(again)["first_heading"], fields_of(again)["column_7"]) == ("4", "Pagu")
        sent = fields_of(again) | {"has_decimal_points": "1", "action": "go"}
        preview = as_operator.post(again.request["PATH_INFO"], sent, follow=True)
        assert headline(preview).startswith("2 baris ")

    def test_headings_that_had_to_be_shown_are_found_again(self, sources, as_operator):
        """The proposal takes the first line of several texts; the headings are further down."""
        above = [["Dinas", "Bidang", "Seksi", "Tahun ini"]]
        rows = [dict(zip(FOREIGN, ["1", "Dinas Sosial", "Beras", "DAU", "1", "KPM", "x", "5"], strict=True))]
        sent = sheet_of(rows, above=above, headings=FOREIGN)
        asked = upload(as_operator, sent)
        assert fields_of(asked)["first_heading"] == "1"
        moved = as_operator.post(
            asked.request["PATH_INFO"],
            fields_of(asked) | {"first_heading": "2", "last_heading": "2", "action": "move"},
        )
        assert "Kolomnya sudah dibaca ulang" in " ".join(said(moved))
        preview = self.mapped(as_operator, moved, name="Dengan judul")
        assert headline(preview) == "1 baris baru, siap diterapkan."
        again = upload(as_operator, sent.replace(b"Beras", b"Gula"))
        assert headline(again).startswith("Susunan “Dengan judul”")
        assert fields_of(again)["first_heading"] == "2"

    def test_the_corrected_sheet_of_a_foreign_file_finds_its_mapping(self, sources, as_operator):
        asked = upload(as_operator, self.semicolons().replace(b"Rp 1.250.000", b"banyak"))
        self.mapped(as_operator, asked, name="Daftar Dinsos")
        batch = ImportBatch.objects.get()
        sheet = content(as_operator.get(f"/impor/{batch.pk}/?format=csv"))
        again = upload(as_operator, sheet.replace(b"banyak", b"1250000"), "masalah.csv")
        assert headline(again).startswith("Susunan “Daftar Dinsos”")
        preview = as_operator.post(again.request["PATH_INFO"], fields_of(again) | {"action": "go"}, follow=True)
        assert headline(preview) == "2 baris baru, siap diterapkan."

    def test_what_was_typed_survives_every_error(self, sources, as_operator):
        asked = upload(as_operator, self.semicolons())
        sent = chosen(
            asked, C="Sub kegiatan", G="Sub kegiatan", left_out="7, x", fixed_year="26", name="Daftar", action="go"
        )
        answer = as_operator.post(asked.request["PATH_INFO"], sent)
        assert {key: fields_of(answer)[key] for key in sent if key != "action"} == {
            key: value for key, value in sent.items() if key not in ("action", "csrfmiddlewaretoken")
        } | {"csrfmiddlewaretoken": fields_of(answer)["csrfmiddlewaretoken"]}
        shown = text(answer)
        assert "Sudah dipilih untuk kolom C. Pilih salah satu saja." in shown
        assert "“x” bukan nomor baris. Tulis misalnya 7, 19-22." in shown
        assert "Tahun ditulis dengan empat angka, misalnya 2026." in shown
        assert "Kolom ini wajib ada: Program, Indikator, Satuan, Target, dan Pagu." in shown
        assert ImportBatch.objects.get().layout is None
        assert not ColumnMapping.objects.exists()

    def test_lines_can_be_left_out(self, sources, as_operator):
        preview = self.mapped(as_operator, upload(as_operator, self.semicolons()), left_out="3")
        assert headline(preview) == "1 baris baru, siap diterapkan."
        assert "Dilewati seperti yang dipilih. Baris 3" in text(preview)

    def test_the_columns_can_be_changed_after_the_preview(self, sources, as_operator):
        preview = self.mapped(as_operator, upload(as_operator, self.semicolons()), left_out="3")
        again = as_operator.get(links(preview)["Ubah susunan kolom"])
        assert (fields_of(again)["left_out"], fields_of(again)["column_7"]) == ("3", "Pagu")

    def test_another_sheet_reads_the_columns_anew_and_keeps_the_rest(self, sources, as_operator):
        asked = upload(as_operator, self.semicolons())
        sent = chosen(asked, sheet="realisasi", left_out="9", fixed_year="2026", action="go")
        answer = as_operator.post(asked.request["PATH_INFO"], sent)
        fields = fields_of(answer)
        assert fields["shown"] == "realisasi:0:1:1"
        assert (fields["left_out"], fields["fixed_year"], "fixed_quarter" in fields) == ("9", "2026", True)

    def test_a_file_without_opd_is_that_of_the_own(self, activity, as_operator):
        asked = upload(as_operator, b"Nama Paket;Biaya;Ket\r\nBeras;5;x\r\n")
        assert fields_of(asked)["fixed_opd"] == "Dinsos"


class TestRememberedNames:
    @pytest.fixture
    def mapping(self, secretary):
        layout = {"sheet": "program", "worksheet": 0, "first_heading": 1, "last_heading": 1, "columns": {"0": "name"}}
        rest = {"fixed": {}, "manner": {"has_decimal_points": False, "rupiah_in": 1}, "left_out": []}
        return ColumnMapping.objects.create(
            name="Renja", sheet=Sheet.PROGRAM, headings="x", layout=layout | rest, made_by=secretary
        )

    def sent(self, client, name):
        file = b"Nama;OPD;Indikator;Satuan;Target;Pagu;Sumber dana;Tahun;Program\r\nA;Dinsos;I;KPM;1;5;DAU;2026;P\r\n"
        asked = upload(client, file)
        sent = chosen(asked, A="Sub kegiatan", name=name, action="go")
        return client.post(asked.request["PATH_INFO"], sent, follow=True)

    def test_the_name_of_somebody_else_is_taken(self, activity, mapping, as_operator):
        assert "Nama ini sudah dipakai untuk susunan orang lain." in text(self.sent(as_operator, "Renja"))

    def test_the_own_one_is_replaced(self, activity, mapping, as_secretary):
        self.sent(as_secretary, "Renja")
        mapping.refresh_from_db()
        assert (len(mapping.layout["columns"]), mapping.version) == (9, 2)

    def test_an_identity_number_is_no_name(self, activity, as_operator):
        assert "16 angka berurutan" in text(self.sent(as_operator, "1604010101010001"))
        assert not ColumnMapping.objects.exists()

    def test_only_the_own_one_can_be_removed(self, mapping, as_operator, as_secretary):
        assert "Renja" in text(as_operator.get("/impor/"))
        assert as_operator.post(f"/impor/susunan/{mapping.pk}/hapus/").status_code == 404
        gone = as_secretary.post(f"/impor/susunan/{mapping.pk}/hapus/", follow=True)
        assert said(gone) == ["Susunan kolom “Renja” sudah dihapus."]
        assert not ColumnMapping.objects.exists()


class TestForgedLayouts:
    @pytest.fixture
    def asked(self, activity, as_operator):
        return upload(as_operator, b"Nama Paket;Biaya;Ket\r\nBeras;5;x\r\n")

    @pytest.mark.parametrize(
        "forged",
        [
            {"sheet": "users"},
            {"worksheet": "7"},
            {"worksheet": "-1"},
            {"worksheet": "x"},
            {"first_heading": "0"},
            {"first_heading": "99999999999999999999"},
            {"first_heading": "1", "last_heading": "900"},
            {"first_heading": "40", "last_heading": "40"},
            {"first_heading": "2", "last_heading": "1"},
            {"column_0": "__class__"},
            {"column_0": "program\0"},
            {"column_0": "x" * 5000},
            {"fixed_opd": "Dinkes"},
            {"fixed_strategy": "9"},
            {"has_decimal_points": "2"},
            {"rupiah_in": "7"},
            {"rupiah_in": ""},
            {"left_out": "1-9999999"},
            {"left_out": "9" * 600},
            {"left_out": "٣"},
            {"shown": "program:9:9:9"},
            {"shown": ""},
            {"shown": ":::::"},
            {"action": "x"},
            {"name": "x" * 500},
        ],
        ids=str,
    )
    @pytest.mark.parametrize("action", ["go", "look"])
    def test_are_refused_in_the_page(self, asked, as_operator, other, forged, action):
        sent = fields_of(asked) | {"action": action} | forged
        answer = as_operator.post(asked.request["PATH_INFO"], sent)
        assert answer.status_code == 200
        assert ImportBatch.objects.get().layout is None

    def test_an_empty_form_is_the_first_page_again(self, asked, as_operator):
        assert as_operator.post(asked.request["PATH_INFO"], {}).status_code == 200

    def test_columns_that_the_file_has_not_are_no_columns(self, asked, as_operator):
        sent = fields_of(asked) | {"action": "go", "column_150": "Pagu", "column_-1": "Target"}
        answer = as_operator.post(asked.request["PATH_INFO"], sent)
        assert "Kolom ini wajib ada: Tahun, Program, Sub kegiatan" in text(answer)


class TestSize:
    def wide(self, columns) -> bytes:
        cells = [f"Judul kolom nomor {number} yang panjang sekali" for number in range(columns)]
        return "\r\n".join(";".join(cells) for _ in range(5)).encode()

    @pytest.mark.parametrize("columns", [80, 81, 200])
    def test_the_columns_of_a_wide_file_stay_light(self, activity, as_operator, columns):
        asked = upload(as_operator, self.wide(columns))
        assert len(asked.content) < 200_000
        fields = fields_of(asked)
        assert sum(name.startswith("column_") for name in fields) == columns and len(fields) < 1000
        answer = as_operator.post(asked.request["PATH_INFO"], fields | {"column_0": "Pagu", "action": "go"})
        assert fields_of(answer)["column_0"] == "Pagu"

    LONG = "Keluarga miskin ekstrem menurut DTSEN desil 1 sampai dengan 3 di wilayah Kabupaten Lahat " * 2
    TEXTS = ("Catatan perubahan", "Kelompok sasaran", "Indikator", "Unit pelaksana", "Satuan sasaran")

    def test_a_preview_of_a_hundred_new_lines_weighs_at_most_60_kb(self, activity, as_operator, operator):
        row = rows_of(PROGRAM, operator)[0] | {"Register": "", "Versi": ""}
        filled = dict.fromkeys(self.TEXTS[:4], self.LONG)
        rows = [row | filled | {"Sub kegiatan": f"{self.LONG} {number}"} for number in range(150)]
        preview = upload(as_operator, sheet_of(rows))
        assert headline(preview) == "150 baris baru, siap diterapkan."
        assert len(table(preview, "Tabel perubahan")) == 100
        assert "Baris lain yang juga akan ditulis: 102-151." in text(preview)
        assert len(preview.content) < 60 * 1024

    def test_a_preview_of_a_hundred_changed_lines_weighs_at_most_60_kb(self, activity, as_secretary, secretary):
        for number in range(119):
            old = dict.fromkeys(("target_group", "indicator", "implementing_unit"), self.LONG)
            make.activity(activity.program, name=f"{self.LONG} {number}", **old)
        rows = [
            row | dict.fromkeys(self.TEXTS[:4], f"{self.LONG}baru") | {"Pagu": "2500000", "Target": "5"}
            for row in rows_of(PROGRAM, secretary)
        ]
        preview = upload(as_secretary, sheet_of(rows))
        assert headline(preview) == "120 baris berubah, siap diterapkan."
        [_, _, changes] = table(preview, "Tabel perubahan")[0]
        assert changes.startswith("Target 100 → 5 Pagu Rp 1.000.000 → Rp 2.500.000 ")
        assert changes.endswith(" kolom lainnya")
        assert len(preview.content) < 60 * 1024

    def test_a_long_text_is_shown_where_it_differs(self, activity, as_secretary, secretary):
        long = "Bantuan untuk keluarga yang paling membutuhkan di desa " * 15
        make.activity(activity.program)
        Activity.objects.update(revision_note=f"{long}lama")
        rows = [row | {"Catatan perubahan": f"{long}baru"} for row in rows_of(PROGRAM, secretary)]
        [_, _, change] = table(upload(as_secretary, sheet_of(rows)), "Tabel perubahan")[0]
        assert change.startswith("Catatan perubahan …") and change.endswith("desa baru") and "desa lama → …" in change

    def statements(self, client, address):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    def test_pages_ask_as_much_of_many_as_of_few(self, activity, as_secretary, secretary, operator):
        def measured():
            ImportBatch.objects.all().delete()
            batch, _ = received(sheet_of(reports_sheet(secretary)), secretary)
            before = self.statements(as_secretary, f"/impor/{batch.pk}/")
            for number in range(len(Activity.objects.all())):
                received(f"A{number};B;C\r\n1;2;3\r\n".encode(), operator)
            addresses = ["/impor/", f"/impor/{ImportBatch.objects.first().pk}/kolom/"]
            return [before, *(self.statements(as_secretary, address) for address in addresses)]

        few = measured()
        for _ in range(5):
            make.activity(activity.program)
        assert measured() == few
