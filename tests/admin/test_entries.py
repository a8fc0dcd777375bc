"""What may be typed, how a refused form points to the mistake, and what the lists say about themselves."""

import pytest
from django.urls import reverse

from tests import make
from tests.admin.browser_form import sent_by
from tracker.models import Program

PROGRAM_ADD = reverse("admin:tracker_program_add")


def page(kind, record):
    return reverse(f"admin:tracker_{kind}_change", args=[record.pk])


@pytest.fixture
def activity(dinsos):
    make.periods(2025)
    return make.activity(make.program(dinsos, 2025))


def errors_of(answer):
    return answer.context["adminform"].form.errors


@pytest.mark.parametrize("typed", ["2026-12-31", "12/31/2026", "31.12.2026", "٣١-١٢-٢٠٢٦", "32-12-2026", "besok"])
def test_dates_are_typed_day_month_year(as_secretary, typed):
    address = page("period", make.period(2025))
    answer = as_secretary.post(address, sent_by(as_secretary.get(address), due_on=typed))
    assert errors_of(answer) == {"due_on": ["Tulis tanggal, bulan, dan tahun seperti 31-12-2026."]}


@pytest.mark.parametrize("typed", ["31-12-1999", "31-12-2101", "31-12-0026", "31-12-9999"])
def test_a_date_far_away_is_taken_for_a_slip(as_secretary, typed):
    address = page("period", make.period(2025))
    answer = as_secretary.post(address, sent_by(as_secretary.get(address), due_on=typed))
    assert errors_of(answer) == {"due_on": ["Tahun pada tanggal harus antara 2000 dan 2100."]}


@pytest.mark.parametrize("typed", ["٢٠٢٦", "2_026", "2026.0", "2.026", "dua ribu", "-2026"])
def test_a_year_is_typed_in_plain_digits(as_secretary, dinsos, typed):
    answer = as_secretary.post(
        PROGRAM_ADD, sent_by(as_secretary.get(PROGRAM_ADD), fiscal_year=typed, opd=dinsos.pk, name="Baru")
    )
    assert errors_of(answer) == {"fiscal_year": ["Tulis dengan angka 0 sampai 9 saja, tanpa titik, koma, atau spasi."]}


@pytest.mark.parametrize("sign", ["\x01", "\x0b", "\x1b", "\x7f", "\u202e", "\u2066", "\ufffe"])
@pytest.mark.parametrize("field", ["name", "objective"])
def test_text_holds_no_invisible_signs(as_secretary, dinsos, field, sign):
    sent = sent_by(as_secretary.get(PROGRAM_ADD), fiscal_year="2025", opd=dinsos.pk, name="Baru")
    answer = as_secretary.post(PROGRAM_ADD, sent | {field: f"Bantuan{sign} sosial"})
    [message] = errors_of(answer)[field]
    assert "karakter yang tidak terlihat" in message


def test_text_may_have_lines_and_tabs(as_secretary, dinsos):
    sent = sent_by(as_secretary.get(PROGRAM_ADD), fiscal_year="2025", opd=dinsos.pk, name="Baru")
    as_secretary.post(PROGRAM_ADD, sent | {"objective": "Satu\r\n\tDua – “tiga”"})
    assert Program.objects.get().objective == "Satu\r\n\tDua – “tiga”"


def test_a_refused_form_lists_its_mistakes_and_leads_to_them(as_secretary, activity):
    district = make.district()
    make.location(activity, district)
    address = page("activity", activity)
    sent = sent_by(as_secretary.get(address), budget="banyak", **{"reports-3-realised_budget": "1.5 juta"})
    rows = {
        "locations-TOTAL_FORMS": "3",
        "locations-1-village": make.village().pk,
        "locations-2-district": district.pk,
    }
    answer = as_secretary.post(address, sent | rows)
    html = answer.content.decode()
    assert [(fault.name, fault.anchor) for fault in answer.context["faults"]] == [
        ("Pagu", "id_budget"),
        ("Kecamatan, baris 2", "id_locations-1-district"),
        ("Desa/kelurahan, baris 2", "id_locations-1-village"),
        ("Lokasi, baris 3", "locations-2"),
        ("Realisasi anggaran, TW III 2025", "id_reports-3-realised_budget"),
        ("Realisasi keluaran, TW III 2025", "id_reports-3-realised_output"),
    ]
    for fault in answer.context["faults"]:
        assert html.count(f'<a href="#{fault.anchor}">{fault.name}</a>') == 1
        assert html.count(f'id="{fault.anchor}"') == 1, fault
    assert "Belum disimpan. Perbaiki isian berikut, lalu simpan kembali:" in html
    assert "Harap perbaiki" not in html
    assert "<title>Belum disimpan · " in html


def test_a_mistake_of_the_whole_form_is_said_without_a_list(as_secretary, activity):
    address = page("activity", activity)
    sent = sent_by(as_secretary.get(address), plan_q1="10")
    answer = as_secretary.post(address, sent)
    assert answer.context["faults"] == []
    assert "<p>Belum disimpan.</p>" in answer.content.decode()
    assert "Rencana fisik diisi untuk keempat triwulan" in answer.content.decode()


@pytest.mark.parametrize("button", ["_continue", "_save"])
def test_staying_with_a_form_is_said_in_plain_words(as_secretary, dinsos, button):
    sent = sent_by(as_secretary.get(PROGRAM_ADD), fiscal_year="2025", opd=dinsos.pk, name="Baru") | {button: "1"}
    answer = as_secretary.post(PROGRAM_ADD, sent, follow=True)
    said = ["Baru (2025) sudah disimpan. Isiannya masih dapat diperbaiki di sini."]
    assert [str(message) for message in answer.context["messages"]] == said
    address = page("program", Program.objects.get())
    answer = as_secretary.post(address, sent_by(as_secretary.get(address), _continue="1"), follow=True)
    assert [str(message) for message in answer.context["messages"]] == said


def test_a_list_offers_all_rows_only_where_some_are_left_out(as_secretary, dinsos):
    make.program(dinsos, 2025, name="Bantuan sosial"), make.program(dinsos, 2024, name="Jalan desa")
    for query, is_offered in [("", False), ("?q=jalan", True), ("?fiscal_year=2024", True), ("?o=1", False)]:
        html = as_secretary.get(f"/admin/tracker/program/{query}").content.decode()
        assert ("Tampilkan semua" in html) == is_offered, query


def test_filters_are_called_saringan(as_secretary, dinsos):
    make.program(dinsos, 2025), make.program(dinsos, 2024)
    html = as_secretary.get("/admin/tracker/program/?fiscal_year=2024").content.decode()
    assert '<h2 id="changelist-filter-header">Saringan</h2>' in html
    assert "Hapus semua saringan" in html
