"""The start page of an operator: what the own OPD has to do, in order, and nothing of any other OPD."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import make
from tests.conftest import signed_in
from tests.reading import attributes, elements, links, page, text, words
from tracker import formats
from tracker.models import PeriodException, Report
from tracker.models.scope import Role
from tracker.workplace import newest_changes, work_of

NOVEMBER = datetime.date(2025, 11, 22)
SUBMIT_ALL = "/admin/tracker/report/ajukan-semua/"


@pytest.fixture(autouse=True)
def in_november(monkeypatch):
    """TW I to TW III 2025 are over, TW IV runs."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: NOVEMBER)


@pytest.fixture
def program(dinsos):
    make.periods(2025)
    return mapped(dinsos)


def mapped(opd, **fields):
    return make.program(opd, 2025, strategy=make.strategy(1), priority=make.priority(), **fields)


def lock(quarter, **fields):
    return make.period(2025, quarter, locked_at=timezone.now(), **fields)


def reported(activity, *quarters, **fields):
    return [make.report(activity, quarter, **fields) for quarter in quarters]


def told(tasks):
    return [(task.work.name, str(task.period), task.days) for task in tasks.all]


def section(response, title):
    return next(words(node) for node in elements(page(response), "section") if words(node).startswith(title))


class TestWhatIsToDo:
    def test_the_kinds_of_work_stand_in_the_order_to_do_them(self, as_operator, program, coordinator):
        corrected, forgotten, begun = (make.activity(program, name=name) for name in ("Sembako", "Zakat", "Modal"))
        reported(corrected, 1, 2), reported(forgotten, 1, 2), reported(begun, 1, 2)
        report = make.report(corrected, 3)
        report.send_back("Angka per triwulan, bukan kumulatif.", by=coordinator)
        make.report(begun, 3, status="draft")
        make.program(program.opd, 2025, name="Belum apa-apa")
        at = timezone.localtime(Report.history.filter(status="returned").get().history_date)
        assert section(as_operator.get("/admin/"), "Yang perlu dikerjakan") == (
            "Yang perlu dikerjakan "
            "TW III 2025: 0 dari 3 sub kegiatan sudah dilaporkan, mewakili 0,0 % pagu. "
            "TW III 2025 lewat tenggat 10 Oktober 2025. Laporan masih dapat diisi dan disebut terlambat. "
            "Dikembalikan untuk diperbaiki (1) 2025-0001 Sembako TW III 2025, lewat 43 hari "
            "“Angka per triwulan, bukan kumulatif.” "
            f"dikembalikan oleh koordinator, {formats.date(at)} {at:%H.%M} "
            "Belum dilaporkan (1) 2025-0002 Zakat TW III 2025, lewat 43 hari "
            "Draf, belum diajukan (1) 2025-0003 Modal TW III 2025, lewat 43 hari "
            "Ajukan semua laporan TW III 2025 saya (1 draf) "
            "Program yang belum lengkap 1 program belum dipetakan ke strategi atau prioritas "
            "1 program belum mempunyai sub kegiatan "
            "Triwulan berjalan 3 laporan TW IV 2025 sudah boleh diisi, tenggat 10 Januari 2026 "
            "2025-0001 Sembako TW IV 2025, 49 hari lagi 2025-0002 Zakat TW IV 2025, 49 hari lagi "
            "2025-0003 Modal TW IV 2025, 49 hari lagi"
        )

    def test_the_oldest_due_date_comes_first(self, program, dinsos):
        make.activity(program, name="Sembako"), reported(make.activity(program, name="Zakat"), 1)
        (
            make.period(2025, 3, due_on=datetime.date(2025, 11, 22)),
            make.period(2025, 1, due_on=datetime.date(2025, 4, 30)),
        )
        assert told(work_of(dinsos.pk).missing) == [
            ("Sembako", "TW I 2025", "lewat 206 hari"),
            ("Sembako", "TW II 2025", "lewat 135 hari"),
            ("Zakat", "TW II 2025", "lewat 135 hari"),
            ("Sembako", "TW III 2025", "hari ini"),
            ("Zakat", "TW III 2025", "hari ini"),
        ]

    def test_quarters_of_last_year_are_still_asked_for(self, program, dinsos):
        make.period(2024, 4), make.activity(make.program(dinsos, 2024), name="Tahun lalu")
        assert told(work_of(dinsos.pk).missing) == [("Tahun lalu", "TW IV 2024", "lewat 316 hari")]

    def test_only_what_can_be_written_now_is_listed(self, program, dinsos, dinkes):
        make.activity(program, name="Sembako")
        lock(1)
        make.period_exception(lock(2), dinkes, NOVEMBER)
        make.period_exception(lock(3), dinsos, NOVEMBER)
        make.period(2025, 4, opens_on=datetime.date(2025, 11, 23))
        work = work_of(dinsos.pk)
        assert told(work.missing) == [("Sembako", "TW III 2025", "lewat 43 hari")]
        assert told(work.running) == []
        make.period_exception(make.period(2025, 2), dinsos, NOVEMBER - datetime.timedelta(days=1))
        assert told(work_of(dinsos.pk).missing) == [("Sembako", "TW III 2025", "lewat 43 hari")]
        PeriodException.objects.get(period__quarter=3).delete()
        assert told(work_of(dinsos.pk).missing) == []

    def test_what_has_not_begun_or_was_stopped_is_not_missing(self, program, dinsos):
        make.activity(program, name="Mulai TW III", starts_quarter=3), make.activity(program, revised_budget=0)
        assert told(work_of(dinsos.pk).missing) == [("Mulai TW III", "TW III 2025", "lewat 43 hari")]

    def test_a_draft_that_was_returned_keeps_its_note_in_sight(self, as_operator, program):
        make.report(make.activity(program), 3, status="draft", return_note="Cocokkan dengan SP2D.")
        assert "“Cocokkan dengan SP2D.”" in section(as_operator.get("/admin/"), "Yang perlu dikerjakan")

    def test_what_was_left_in_a_locked_quarter_is_named(self, as_operator, program):
        make.report(make.activity(program), 1, status="draft")
        lock(1), lock(2), lock(3)
        shown = section(as_operator.get("/admin/"), "Yang perlu dikerjakan")
        assert (
            "yang sekarang tidak dapat diisi: TW I 2025. Bila masih perlu diperbaiki, mintalah pengecualian" in shown
        )
        assert "Draf, belum diajukan" not in shown

    def test_nothing_to_do_is_said(self, as_operator, program):
        reported(make.activity(program), 1, 2, 3)
        shown = section(as_operator.get("/admin/"), "Yang perlu dikerjakan")
        assert "TW III 2025: semua 1 sub kegiatan sudah dilaporkan. Tidak ada yang harus dikerjakan sekarang." in shown

    def test_an_opd_without_programs_is_no_error(self, as_operator):
        shown = section(as_operator.get("/admin/"), "Yang perlu dikerjakan")
        assert "belum ada sub kegiatan OPD Anda yang ditagih. Triwulan ini belum dibuka" in shown


class TestWhereItLeads:
    def test_a_row_leads_to_the_place_to_type(self, as_operator, program):
        activity = make.activity(program, name="Sembako")
        reported(activity, 1, 2)
        address = links(as_operator.get("/admin/"))[f"{activity.ref} Sembako"]
        assert address == f"/admin/tracker/activity/{activity.pk}/change/#reports-3-fields"
        assert 'id="reports-3-fields"' in as_operator.get(address).content.decode()

    def test_fifteen_rows_of_a_kind_and_then_the_lists_with_all(self, as_operator, program, dinsos):
        """Also for somebody who sees other OPDs in these lists."""
        both = signed_in(make.user("dua-peran", Role.OPERATOR, Role.VERIFIER, opd=dinsos))
        other = mapped(make.opd("PUPR"))
        for _ in range(16):
            for status in ("draft", "returned"):
                make.report(make.activity(program), 3, status=status)
            activity = make.activity(program)
            reported(activity, 1)
            make.activity(other), make.report(make.activity(other), 3, status="draft")
        work = work_of(dinsos.pk)
        kinds = (work.returned, work.missing, work.drafts, work.running)
        assert [(len(kind.all), len(kind.first), kind.others) for kind in kinds] == [
            (16, 15, 1), (96, 15, 81), (16, 15, 1), (48, 15, 33),
        ]  # fmt: skip
        html = both.get("/admin/").content.decode().replace("&amp;", "&")
        for kind in kinds:
            for period, waiting in kind.by_quarter:
                assert waiting.url in html
                for client in (as_operator, both):
                    found = client.get(waiting.url)
                    assert found.context["cl"].result_count == waiting.count, (kind.kind, period)
                    assert "e=1" not in waiting.url

    def test_programs_to_complete_lead_to_exactly_these(self, as_operator, program, dinsos):
        make.activity(program), make.period(2024, 4)
        make.program(dinsos, 2024), make.program(dinsos, 2025), make.activity(make.program(dinsos, 2025))
        unmapped, empty = work_of(dinsos.pk).programs
        assert (unmapped.count, empty.count) == (2, 1)
        for waiting in (unmapped, empty):
            assert as_operator.get(waiting.url).context["cl"].result_count == waiting.count


class TestHowFarItIs:
    def lead(self, client):
        node = next(
            node for node in elements(page(client.get("/admin/")), "p") if "lead" in attributes(node).get("class", "")
        )
        return words(node)

    def test_reports_and_the_share_of_money_they_stand_for(self, as_operator, program, dinkes):
        (
            make.report(make.activity(program, budget=300), 3),
            make.report(make.activity(program, budget=100), 3, status="draft"),
        )
        make.activity(program, budget=600, revised_budget=200), make.report(make.activity(mapped(dinkes)), 3)
        assert "TW III 2025: 1 dari 3 sub kegiatan sudah dilaporkan, mewakili 50,0 % pagu." in self.lead(as_operator)

    def test_a_lock_is_told_with_what_can_be_done(self, as_operator, program, dinsos):
        make.activity(program)
        lock(3, lock_reason="Rapat")
        assert "Alasan: Rapat. Mintalah Sekretariat TKPK memberi OPD ini pengecualian" in self.lead(as_operator)
        make.period_exception(make.period(2025, 3), dinsos, NOVEMBER)
        assert self.lead(as_operator).endswith(
            "Alasan: Rapat. OPD Anda mendapat pengecualian, jadi laporannya masih dapat diisi."
        )


class TestOtherOpds:
    CANARY = "BURUNG-KENARI"

    @pytest.fixture
    def theirs(self, program, dinkes, stranger, coordinator):
        other = mapped(dinkes, name=f"{self.CANARY} program")
        activity = make.activity(other, name=f"{self.CANARY} sub kegiatan")
        make.report(activity, 1, status="draft"), make.report(activity, 2)
        make.report(activity, 3).send_back(f"{self.CANARY} catatan", by=coordinator)
        activity._history_user = stranger
        activity.save()
        make.report(make.activity(other, name=f"{self.CANARY} lain"), 1).delete()
        return activity

    def test_nothing_of_them_is_on_the_page(self, as_operator, as_stranger, theirs):
        assert self.CANARY in as_stranger.get("/admin/").content.decode()
        html = as_operator.get("/admin/").content.decode()
        assert self.CANARY not in html
        assert theirs.ref not in html
        assert "stranger" not in html
        assert "Belum ada perubahan." not in text(as_operator.get("/admin/"))

    def test_they_change_no_number(self, dinsos, program, dinkes):
        make.activity(program)
        lock(1)
        before = work_of(dinsos.pk)
        make.report(make.activity(mapped(dinkes)), 1, status="draft")
        make.program(dinkes, 2025), make.report(make.activity(mapped(dinkes)), 3, status="draft")
        after = work_of(dinsos.pk)
        assert (after.asked, after.programs, after.stuck) == (before.asked, before.programs, before.stuck)
        assert told(after.missing) == told(before.missing)

    def test_changes_are_those_of_the_own_opd(self, as_operator, operator, theirs, program):
        report = make.report(make.activity(program, name="Sembako"), 1)
        report.delete()
        handed_on = make.program(program.opd, 2025, name="Dialihkan")
        handed_on.opd = theirs.program.opd
        handed_on.save()
        make.program(program.opd, 2025, name="Dihapus").delete()
        changes = newest_changes(operator)
        assert [(change.what, change.kind) for change in changes] == [
            ("Dihapus (2025)", "dihapus"),
            ("Dihapus (2025)", "dibuat"),
            ("Laporan TW I 2025: 2025-0003 Sembako", "dihapus"),
            ("Laporan TW I 2025: 2025-0003 Sembako", "dibuat"),
            ("2025-0003 Sembako", "dibuat"),
            (str(program), "dibuat"),
        ]
        for change in changes:
            assert as_operator.get(change.url).status_code == 200, change


class TestSubmittingAll:
    def submit(self, client, period):
        answer = client.post(SUBMIT_ALL, {"period": getattr(period, "pk", period)}, follow=True)
        return [str(message) for message in answer.context["messages"]]

    @pytest.fixture
    def third(self, program):
        return make.period(2025, 3)

    def test_all_own_drafts_of_that_quarter_and_nothing_else(self, as_operator, operator, program, third, dinkes):
        drafts = [make.report(make.activity(program), 3, status="draft") for _ in range(2)]
        others = [
            make.report(make.activity(program), 2, status="draft"),
            make.report(make.activity(program), 3, status="returned"),
            make.report(make.activity(mapped(dinkes)), 3, status="draft"),
        ]
        assert self.submit(as_operator, third) == ["2 laporan diajukan."]
        for report in drafts:
            report.refresh_from_db()
            assert (report.status, report.submitted_by) == ("submitted", operator)
            assert report.history.first().history_user == operator
        before = [report.status for report in others]
        assert [Report.objects.get(pk=report.pk).status for report in others] == before

    def test_the_button_does_just_that(self, as_operator, program, third):
        make.report(make.activity(program), 3, status="draft")
        [form] = [
            form
            for form in elements(page(as_operator.get("/admin/")), "form")
            if attributes(form)["action"] == SUBMIT_ALL
        ]
        assert words(form) == "Ajukan semua laporan TW III 2025 saya (1 draf)"
        sent = {attributes(field)["name"]: attributes(field)["value"] for field in elements(form, "input")}
        assert sent["period"] == str(third.pk)

    def test_what_needs_a_reason_stays_a_draft_and_is_named(self, as_operator, program, third):
        fine, falling = make.activity(program), make.activity(program)
        make.report(falling, 2, realised_budget=500)
        make.report(fine, 3, status="draft"), make.report(falling, 3, status="draft", realised_budget=400)
        said = self.submit(as_operator, third)
        assert said[0] == "1 laporan diajukan."
        assert said[1].startswith(
            f"{falling.ref} · TW III 2025: realisasi anggaran TW III 2025 (Rp\xa0400) lebih kecil"
        )
        assert len(said) == 2
        assert Report.objects.get(activity=falling, period=third).status == "draft"

    def test_a_verifier_of_two_roles_submits_those_of_his_opd(self, dinsos, program, third, dinkes):
        client = signed_in(make.user("dua-peran", Role.OPERATOR, Role.VERIFIER, opd=dinsos))
        make.report(make.activity(program), 3, status="draft")
        theirs = make.report(make.activity(mapped(dinkes)), 3, status="draft")
        assert self.submit(client, third) == ["1 laporan diajukan."]
        assert Report.objects.get(pk=theirs.pk).status == "draft"

    def test_a_secretary_of_an_opd_submits_those_of_that_opd(self, dinsos, program, third, dinkes):
        client = signed_in(make.user("dua-peran", Role.OPERATOR, Role.SECRETARIAT, opd=dinsos))
        make.report(make.activity(program), 3, status="draft")
        theirs = make.report(make.activity(mapped(dinkes)), 3, status="draft")
        assert self.submit(client, third) == ["1 laporan diajukan."]
        assert Report.objects.get(pk=theirs.pk).status == "draft"

    def test_nothing_to_submit_is_said(self, as_operator, third):
        assert self.submit(as_operator, third) == ["Tidak ada laporan yang dapat diajukan."]

    def test_a_locked_quarter_refuses_once(self, as_operator, program, third, dinsos):
        drafts = [make.report(make.activity(program), 3, status="draft") for _ in range(3)]
        lock(3, lock_reason="Rapat")
        [said] = self.submit(as_operator, third)
        assert "Alasan: Rapat. Mintalah Sekretariat TKPK" in said
        assert {Report.objects.get(pk=draft.pk).status for draft in drafts} == {"draft"}
        make.period_exception(make.period(2025, 3), dinsos, NOVEMBER)
        assert self.submit(as_operator, third) == ["3 laporan diajukan."]

    @pytest.mark.parametrize("odd", ["", "abc", "-1", "0", "1.5", "٣", "9" * 18, "9" * 40, "1\0", "1 OR 1=1"])
    def test_an_odd_quarter_is_explained(self, as_operator, third, odd):
        assert self.submit(as_operator, odd) == ["Triwulan itu tidak ada. Muat ulang halaman ini, lalu coba lagi."]

    def test_a_missing_quarter_is_explained(self, as_operator, third):
        answer = as_operator.post(SUBMIT_ALL, follow=True)
        assert len(answer.context["messages"]) == 1

    @pytest.mark.parametrize("who", ["as_secretary", "as_coordinator", "as_viewer", "as_nobody"])
    def test_who_reports_for_no_opd_submits_nothing(self, request, program, third, who):
        draft = make.report(make.activity(program), 3, status="draft")
        request.getfixturevalue(who).post(SUBMIT_ALL, {"period": third.pk})
        assert Report.objects.get(pk=draft.pk).status == "draft"

    def test_an_operator_without_an_opd_submits_nothing(self, program, third):
        client = signed_in(make.user("tanpa-opd", Role.OPERATOR))
        assert client.post(SUBMIT_ALL, {"period": third.pk}).status_code == 403

    def test_only_a_post_submits(self, as_operator, program, third):
        make.report(make.activity(program), 3, status="draft")
        assert as_operator.get(SUBMIT_ALL, {"period": third.pk}).status_code == 405
        assert Report.objects.drafts().count() == 1


class TestThePage:
    def test_it_asks_as_many_questions_for_much_as_for_little(self, as_operator, program, dinsos, coordinator):
        make.report(make.activity(program), 3)
        as_operator.get("/admin/")
        with CaptureQueriesContext(connection) as few:
            as_operator.get("/admin/")
        assert len(few) <= 15
        for _ in range(6):
            other = mapped(dinsos)
            make.activity(other), make.report(make.activity(other), 3, status="draft")
            reported(make.activity(other), 1, 2)
            make.report(make.activity(other), 3).send_back("Perbaiki.", by=coordinator)
        lock(1)
        make.period_exception(lock(2), dinsos, NOVEMBER)
        with CaptureQueriesContext(connection) as many:
            as_operator.get("/admin/")
        assert len(many) == len(few)

    def test_a_locked_quarter_costs_no_more_than_one_question(self, as_operator, program):
        make.activity(program)
        lock(3)
        as_operator.get("/admin/")
        with CaptureQueriesContext(connection) as queries:
            as_operator.get("/admin/")
        assert len(queries) <= 15

    def test_the_steps_of_the_year_are_the_secretarys(self, as_operator, as_coordinator, program):
        for client in (as_operator, as_coordinator):
            assert "Langkah berikutnya" not in client.get("/admin/").content.decode()

    def test_lists_to_choose_from_are_the_secretarys(self, as_operator, as_coordinator, as_secretary):
        def listed(client):
            return [
                model["object_name"] for app in client.get("/admin/").context["app_list"] for model in app["models"]
            ]

        assert listed(as_operator) == listed(as_coordinator) == ["Program", "Activity", "Report", "Period"]
        assert {"Opd", "Village", "District", "Partner"} < set(listed(as_secretary))
        assert as_operator.get("/admin/tracker/opd/").status_code == 200  # hidden, not forbidden

    @pytest.mark.parametrize("roles", [[], [Role.OPERATOR]])
    def test_who_has_no_work_here_yet_is_told_why(self, db, roles):
        client = signed_in(make.user("baru", *roles, is_staff=True))
        assert "perannya atau OPD-nya belum ditetapkan. Hubungi Sekretariat TKPK." in text(client.get("/admin/"))

    def test_to_belong_to_an_opd_is_not_to_report_for_it(self, dinsos, program):
        client = signed_in(make.user("kabid", Role.VERIFIER, opd=dinsos))
        assert "Yang perlu dikerjakan" not in client.get("/admin/").content.decode()

    def test_who_has_two_roles_finds_both_parts(self, dinsos, program, dinkes):
        client = signed_in(make.user("dua-peran", Role.OPERATOR, Role.VERIFIER, opd=dinsos))
        make.report(make.activity(program), 3), make.report(make.activity(mapped(dinkes)), 3)
        answer = client.get("/admin/")
        assert "1 dari 1" not in section(answer, "Yang perlu dikerjakan")
        assert "semua 1 sub kegiatan sudah dilaporkan" in section(answer, "Yang perlu dikerjakan")
        assert "1 laporan menunggu Anda" in section(answer, "Menunggu verifikasi")
        assert "1 laporan OPD Anda sendiri" in section(answer, "Menunggu verifikasi")
