"""A whole page of programs is mapped in the list: wholly saved or not at all, and only what was touched."""

import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import make
from tests.admin.browser_form import sent_by
from tests.conftest import signed_in
from tests.reading import attributes, elements, page, words
from tracker.models import Program
from tracker.models.history import SECRETARIAT_ONLY
from tracker.models.scope import Role

LIST = reverse("admin:tracker_program_changelist")
UNMAPPED = f"{LIST}?belum_dipetakan=ya"


@pytest.fixture(autouse=True)
def choices(db):
    return [make.strategy(1), make.strategy(2), make.strategy(3), make.priority(2021, 1), make.priority(2021, 2)]


@pytest.fixture
def beras(dinsos):
    return make.program(dinsos, name="Beras")


@pytest.fixture
def gizi(dinkes):
    return make.program(dinkes, name="Gizi")


def at(program, name):
    return f"form-{program.pk}-{name}"


def mapped(program, strategy, priority=None):
    """What choosing these in the row of the program adds to the form."""
    chosen = {at(program, "strategy"): str(make.strategy(strategy).pk)}
    return chosen | ({at(program, "priority"): str(make.priority(2021, priority).pk)} if priority else {})


def saved(client, opened, *choices, address=LIST, **changes):
    for choice in choices:
        changes |= choice
    return client.post(address, sent_by(opened, _save="Simpan", **changes))


def save_as(user, program, **changes):
    for name, value in changes.items():
        setattr(program, name, value)
    program._history_user = user
    program.save()


def stored(program):
    """Strategy, priority, version, number of history entries."""
    row = Program.objects.select_related("strategy", "priority").get(pk=program.pk)
    return (
        row.strategy and row.strategy.number,
        row.priority and row.priority.number,
        row.version,
        row.history.count(),
    )


def row_of(answer, program):
    return next(form for form in answer.context["cl"].formset if form.instance == program)


def shown(answer, program):
    """What stands in the row of the program: by its link, as a person finds it."""
    [row] = [row for row in elements(page(answer), "tr") for link in elements(row, "a") if words(link) == program.name]
    chosen = [option for option in elements(row, "option") if "selected" in attributes(option)]
    return dict(zip(("strategy", "priority"), map(words, chosen), strict=True))


class TestSaving:
    def test_many_programs_are_mapped_in_one_save(self, as_secretary, beras, gizi):
        other = make.program(name="Lain", strategy=make.strategy(3))
        answer = saved(
            as_secretary, as_secretary.get(UNMAPPED), mapped(beras, 1, 2), mapped(gizi, 2), address=UNMAPPED
        )
        assert (answer.status_code, answer.url) == (302, UNMAPPED)
        assert [stored(program) for program in (beras, gizi, other)] == [
            (1, 2, 2, 2),
            (2, None, 2, 2),
            (3, None, 1, 1),
        ]
        assert [str(message) for message in as_secretary.get(answer.url).context["messages"]] == [
            "2 program berhasil diubah."
        ]

    def test_the_history_names_the_person_and_gives_no_reason(self, as_operator, beras):
        saved(as_operator, as_operator.get(LIST), mapped(beras, 1))
        entry = beras.history.first()
        assert (entry.history_user_name, entry.history_type, entry.history_change_reason) == ("operator", "~", None)

    def test_partners_and_all_else_of_a_row_stay(self, as_secretary, beras):
        beras.partners.add(make.partner())
        saved(as_secretary, as_secretary.get(LIST), mapped(beras, 1))
        beras.refresh_from_db()
        assert (beras.name, beras.partners.count(), beras.strategy.number) == ("Beras", 1, 1)

    def test_a_program_can_become_unmapped_again(self, as_secretary, beras):
        save_as(None, beras, strategy=make.strategy(1))
        saved(as_secretary, as_secretary.get(LIST), **{at(beras, "strategy"): ""})
        assert stored(beras) == (None, None, 3, 3)

    def test_nothing_chosen_leaves_nothing_behind(self, as_secretary, beras, gizi):
        assert saved(as_secretary, as_secretary.get(LIST)).status_code == 302
        assert stored(beras) == stored(gizi) == (None, None, 1, 1)

    def test_sent_twice_it_is_saved_once(self, as_secretary, beras):
        opened = as_secretary.get(LIST)
        for _ in range(2):
            assert saved(as_secretary, opened, mapped(beras, 1)).status_code == 302
        assert stored(beras) == (1, None, 2, 2)

    def test_a_row_that_nobody_touched_is_not_asked_whether_it_is_well(self, as_secretary, beras, gizi):
        Program.objects.filter(pk=gizi.pk).update(name="3201 0101 0101 0001")
        assert saved(as_secretary, as_secretary.get(LIST), mapped(beras, 1)).status_code == 302
        refused = saved(as_secretary, as_secretary.get(LIST), mapped(gizi, 1))
        assert row_of(refused, gizi).errors
        assert stored(gizi) == (None, None, 1, 1)

    def test_one_bad_row_keeps_the_whole_page_from_being_saved(self, as_secretary, beras, gizi):
        opened = as_secretary.get(LIST)
        answer = saved(as_secretary, opened, mapped(beras, 1), **{at(gizi, "strategy"): "999999"})
        assert answer.status_code == 200
        assert stored(beras) == stored(gizi) == (None, None, 1, 1)
        assert shown(answer, beras) == {"strategy": "1. Pengeluaran", "priority": "belum dipetakan"}


class TestTwoPeople:
    def test_a_stale_row_is_refused_with_both_values_and_the_page_waits(self, as_secretary, beras, gizi, operator):
        opened = as_secretary.get(LIST)
        save_as(operator, beras, strategy=make.strategy(2))

        answer = saved(as_secretary, opened, mapped(beras, 1), mapped(gizi, 3))
        row = row_of(answer, beras)
        assert "sudah diubah oleh operator pada" in row.non_field_errors()[0]
        assert row.errors["strategy"] == [f"Sekarang tersimpan: {make.strategy(2)}."]
        assert shown(answer, beras)["strategy"] == "1. Pengeluaran"
        assert shown(answer, gizi)["strategy"] == "3. Kemiskinan"
        assert (stored(beras), stored(gizi)) == ((2, None, 2, 2), (None, None, 1, 1))

        # Having seen both values, the person decides.
        assert saved(as_secretary, answer).status_code == 302
        assert (stored(beras), stored(gizi)) == ((1, None, 3, 3), (3, None, 2, 2))

    def test_the_column_that_the_other_changed_shows_it_and_stays(self, as_secretary, beras, operator):
        opened = as_secretary.get(LIST)
        save_as(operator, beras, priority=make.priority(2021, 2))
        answer = saved(as_secretary, opened, mapped(beras, 1))
        assert row_of(answer, beras).errors["priority"] == [f"Sekarang tersimpan: {make.priority(2021, 2)}."]
        assert shown(answer, beras) == {"strategy": "1. Pengeluaran", "priority": "2021-2 Prioritas 2"}
        saved(as_secretary, answer)
        assert stored(beras) == (1, 2, 3, 3)

    def test_who_goes_back_to_the_old_value_after_a_refusal_gets_it(self, as_secretary, beras, operator):
        save_as(operator, beras, strategy=make.strategy(3))
        opened = as_secretary.get(LIST)
        save_as(operator, beras, strategy=make.strategy(2))
        answer = saved(as_secretary, opened, mapped(beras, 1))
        assert saved(as_secretary, answer, mapped(beras, 3)).status_code == 302
        assert stored(beras) == (3, None, 4, 4)

    def test_rows_that_nobody_touched_keep_what_others_saved(self, as_secretary, beras, gizi, operator):
        opened = as_secretary.get(LIST)
        save_as(operator, beras, strategy=make.strategy(2), priority=make.priority(2021, 2))
        assert saved(as_secretary, opened, mapped(gizi, 1)).status_code == 302
        assert (stored(beras), stored(gizi)) == ((2, 2, 2, 2), (1, None, 2, 2))

    def test_a_page_that_comes_back_shows_what_others_saved_and_goes_on_from_there(
        self, as_secretary, beras, gizi, operator
    ):
        opened = as_secretary.get(LIST)
        save_as(operator, beras, strategy=make.strategy(2))
        answer = saved(as_secretary, opened, **{at(gizi, "strategy"): "999999"})
        assert shown(answer, beras)["strategy"] == "2. Pendapatan"
        assert not row_of(answer, beras).errors
        assert saved(as_secretary, answer, mapped(beras, 3), mapped(gizi, 1)).status_code == 302
        assert (stored(beras), stored(gizi)) == ((3, None, 3, 3), (1, None, 2, 2))

    def test_two_who_choose_the_same_do_not_disturb_each_other(self, as_secretary, beras, operator):
        opened = as_secretary.get(LIST)
        save_as(operator, beras, strategy=make.strategy(2))
        assert saved(as_secretary, opened, mapped(beras, 2)).status_code == 302
        assert stored(beras) == (2, None, 2, 2)

    def test_a_missing_or_forged_version_is_refused(self, as_secretary, beras):
        opened = as_secretary.get(LIST)
        for version in ("", "0", "99", "abc", "-1", "1e9"):
            answer = saved(as_secretary, opened, mapped(beras, 1), **{at(beras, "version"): version})
            assert row_of(answer, beras).non_field_errors(), version
        assert stored(beras) == (None, None, 1, 1)

    def test_a_row_deleted_meanwhile_is_explained_when_it_was_touched(self, as_secretary, beras, gizi):
        opened, choice = as_secretary.get(LIST), mapped(beras, 1)
        beras.delete()
        answer = saved(as_secretary, opened, choice, mapped(gizi, 2))
        assert "sudah tidak ada" in answer.context["cl"].formset.non_form_errors()[0]
        assert "sudah tidak ada" in answer.content.decode()
        assert stored(gizi) == (None, None, 1, 1)
        assert saved(as_secretary, answer).status_code == 302
        assert stored(gizi) == (2, None, 2, 2)

    def test_a_row_deleted_meanwhile_is_no_matter_when_nobody_touched_it(self, as_secretary, beras, gizi):
        opened = as_secretary.get(LIST)
        beras.delete()
        assert saved(as_secretary, opened, mapped(gizi, 2)).status_code == 302
        assert stored(gizi) == (2, None, 2, 2)

    def test_rows_keep_their_own_choices_when_the_list_has_shifted(self, as_secretary, operator, dinsos, monkeypatch):
        monkeypatch.setattr("tracker.admin.programs.ProgramAdmin.list_per_page", 2)
        programs = [make.program(dinsos, name=name) for name in "ABCD"]
        opened = as_secretary.get(f"{UNMAPPED}&p=2")
        save_as(operator, programs[0], strategy=make.strategy(1), priority=make.priority(2021, 1))
        save_as(operator, programs[3], strategy=make.strategy(1))

        answer = saved(as_secretary, opened, mapped(programs[2], 2), mapped(programs[3], 3), address=f"{UNMAPPED}&p=2")
        assert [form.instance.name for form in answer.context["cl"].formset] == ["C", "D"]
        assert (shown(answer, programs[2])["strategy"], shown(answer, programs[3])["strategy"]) == (
            "2. Pendapatan",
            "3. Kemiskinan",
        )
        assert saved(as_secretary, answer, address=f"{UNMAPPED}&p=2").status_code == 302
        assert [stored(program)[0] for program in programs] == [1, None, 2, 3]

    def test_a_page_that_is_no_more_loses_neither_entries_nor_filters(
        self, as_secretary, operator, dinsos, monkeypatch
    ):
        monkeypatch.setattr("tracker.admin.programs.ProgramAdmin.list_per_page", 1)
        first, second = make.program(dinsos, name="A"), make.program(dinsos, name="B")
        opened = as_secretary.get(f"{UNMAPPED}&p=2")
        save_as(operator, first, strategy=make.strategy(1), priority=make.priority(2021, 1))

        answer = saved(as_secretary, opened, mapped(second, 2, 2), address=f"{UNMAPPED}&p=2")
        assert (answer.status_code, answer.url) == (302, f"{UNMAPPED}&p=2")
        assert stored(second) == (2, 2, 2, 2)
        left = as_secretary.get(answer.url)
        assert (left.status_code, left.context["cl"].result_count) == (200, 0)

    def test_the_last_page_goes_with_its_rows(self, as_secretary, dinsos, monkeypatch):
        monkeypatch.setattr("tracker.admin.programs.ProgramAdmin.list_per_page", 1)
        programs = [make.program(dinsos, name=name) for name in "ABC"]
        address = f"{UNMAPPED}&p=3"
        answer = saved(as_secretary, as_secretary.get(address), mapped(programs[2], 1, 1), address=address)
        left = as_secretary.get(answer.url)
        assert [program.name for program in left.context["cl"].result_list] == ["B"]

    @pytest.mark.django_db(transaction=True)
    def test_what_the_database_refuses_at_the_end_is_looked_at_once_more(self, as_secretary, beras, monkeypatch):
        """A priority may go between the check and the end of the saving; only then does the database find out."""
        save, looks = Program.save, []

        def save_with_a_priority_that_is_gone(program, **kwargs):
            looks.append(program)
            if len(looks) == 1:
                program.priority_id = 999_999
            save(program, **kwargs)

        monkeypatch.setattr(Program, "save", save_with_a_priority_that_is_gone)
        answer = saved(as_secretary, as_secretary.get(LIST), mapped(beras, 1, 2))
        assert (answer.status_code, len(looks)) == (302, 2)
        assert stored(beras) == (1, 2, 2, 2)
        assert len(as_secretary.get(LIST).context["messages"]) == 1

    @pytest.mark.skipif("connection.vendor == 'sqlite'", reason="tests/test_writers.py does this in a SQLite file")
    @pytest.mark.django_db(transaction=True)
    def test_of_two_saves_at_once_only_one_passes(self, secretary, beras, gizi):
        clients = [signed_in(secretary) for _ in range(4)]
        opened = [client.get(LIST) for client in clients]
        barrier, answers = threading.Barrier(len(clients)), []

        def save(client, page, number):
            try:
                barrier.wait()
                answers.append(saved(client, page, mapped(beras, 1 + number % 3), mapped(gizi, 1 + number % 2)))
            finally:
                connection.close()

        threads = [
            threading.Thread(target=save, args=(client, page, number))
            for number, (client, page) in enumerate(zip(clients, opened, strict=True))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        # The fourth chooses what the first chose in one row: where it comes second, only the other row is stale.
        assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 302]
        assert (stored(beras)[2:], stored(gizi)[2:]) == ((2, 2), (2, 2))


class TestRights:
    def test_an_operator_maps_the_programs_of_the_own_opd(self, as_operator, beras, gizi):
        opened = as_operator.get(LIST)
        assert [form.instance for form in opened.context["cl"].formset] == [beras]
        assert saved(as_operator, opened, mapped(beras, 1)).status_code == 302
        assert stored(beras) == (1, None, 2, 2)

    def test_a_row_of_another_opd_is_refused_like_one_that_is_not_there(self, as_operator, beras, gizi):
        answers = []
        for key in (gizi.pk, 999_999):
            forged = {f"form-{key}-version": "1", f"form-{key}-strategy": str(make.strategy(1).pk)}
            answers.append(saved(as_operator, as_operator.get(LIST), mapped(beras, 2), **forged))
        first, second = (list(answer.context["cl"].formset.non_form_errors()) for answer in answers)
        assert first == second != []
        assert "Gizi" not in answers[0].content.decode()
        assert (stored(beras), stored(gizi)) == ((None, None, 1, 1), (None, None, 1, 1))

    def test_who_only_reads_sees_words_and_may_not_save(self, as_coordinator, beras):
        save_as(None, beras, strategy=make.strategy(2))
        page = as_coordinator.get(LIST)
        html = page.content.decode()
        assert "<select" not in html and 'name="_save"' not in html
        assert '<td class="field-strategy_name">2. Pendapatan</td>' in html
        assert '<td class="field-priority_code">belum dipetakan</td>' in html
        forged = {at(beras, "version"): "2", **mapped(beras, 1), "_save": "Simpan"}
        assert as_coordinator.post(LIST, forged).status_code == 403
        assert stored(beras) == (2, None, 2, 2)

    def test_who_reads_all_and_writes_some_chooses_in_the_own_rows_only(self, dinsos, beras, gizi):
        client = signed_in(make.user("rangkap", Role.OPERATOR, Role.VERIFIER, opd=dinsos))
        opened = client.get(LIST)
        assert [attributes(select)["name"] for select in elements(page(opened), "select")] == list(mapped(beras, 1, 1))
        assert saved(client, opened, mapped(gizi, 1)).status_code == 302
        assert stored(gizi) == (None, None, 1, 1)

    def test_a_window_for_choosing_a_program_shows_words(self, as_secretary, beras):
        html = as_secretary.get(f"{LIST}?_popup=1").content.decode()
        assert "<select" not in html
        assert '<td class="field-strategy_name">belum dipetakan</td>' in html

    @pytest.fixture(params=["verified", "locked"])
    def settled(self, request, beras, secretary):
        activity = make.activity(beras)
        if request.param == "verified":
            make.report(activity, 1, status="verified")
        else:
            make.report(activity, 1, period=make.period(2026, 1, locked_at="2026-05-01T00:00+07:00"))
        return beras

    def test_an_operator_leaves_a_settled_program_to_the_sekretariat(self, as_operator, settled):
        answer = saved(as_operator, as_operator.get(LIST), mapped(settled, 1))
        assert dict(row_of(answer, settled).errors) == {"strategy": [SECRETARIAT_ONLY]}
        assert stored(settled) == (None, None, 1, 1)

    def test_the_sekretariat_writes_one_reason_for_the_page(self, as_secretary, settled, gizi):
        rows = mapped(settled, 1), mapped(gizi, 1)
        answer = saved(as_secretary, as_secretary.get(LIST), *rows)
        assert row_of(answer, settled).non_field_errors() == [
            "Tulis alasan perubahan di bawah daftar, karena strategi berubah, padahal sudah ada laporan yang "
            "diverifikasi atau dikunci."
        ]
        assert stored(settled) == stored(gizi) == (None, None, 1, 1)
        assert saved(as_secretary, answer, history_change_reason=" Dipetakan pada rakor ").status_code == 302
        assert [each.history.first().history_change_reason for each in (settled, gizi)] == ["Dipetakan pada rakor"] * 2

    @pytest.mark.parametrize("reason", ["NIK 1604010101900001", "a" * 301])
    def test_an_unfit_reason_keeps_the_page(self, as_secretary, settled, reason):
        answer = saved(as_secretary, as_secretary.get(LIST), mapped(settled, 1), history_change_reason=reason)
        assert len(answer.context["cl"].formset.non_form_errors()) == 1
        assert reason in answer.content.decode()
        assert stored(settled) == (None, None, 1, 1)

    def test_a_reason_inside_a_row_is_none(self, as_secretary, settled):
        forged = {at(settled, "history_change_reason"): "Sebab"}
        assert saved(as_secretary, as_secretary.get(LIST), mapped(settled, 1), **forged).status_code == 200
        assert stored(settled) == (None, None, 1, 1)


class TestForged:
    def test_other_fields_of_the_row_stay_as_they_are(self, as_operator, beras, dinkes):
        fields = {"opd": dinkes.pk, "name": "Lain", "fiscal_year": 2027, "id": 1, "is_sample": "on", "DELETE": "on"}
        reason = {at(beras, "history_change_reason"): "Sebab"}
        forged = {at(beras, name): value for name, value in fields.items()} | fields | reason
        assert saved(as_operator, as_operator.get(LIST), mapped(beras, 1), **forged).status_code == 302
        beras.refresh_from_db()
        assert (beras.opd.short_name, beras.name, beras.fiscal_year, beras.is_sample) == (
            "Dinsos",
            "Beras",
            2026,
            False,
        )
        assert stored(beras) == (1, None, 2, 2)
        assert beras.history.first().history_change_reason is None

    def test_a_page_without_a_sensible_count_is_refused(self, as_secretary, beras):
        sent = sent_by(as_secretary.get(LIST), _save="Simpan", **mapped(beras, 1))
        del sent["form-TOTAL_FORMS"]
        for total in ({}, *({"form-TOTAL_FORMS": odd} for odd in ("", "abc", "99999999999999999999", "1e9"))):
            answer = as_secretary.post(LIST, sent | total)
            assert answer.status_code == 200
            assert answer.context["cl"].formset.non_form_errors(), total
        assert stored(beras) == (None, None, 1, 1)

    def test_rows_are_those_that_were_sent_whatever_the_counts_say(self, as_secretary, beras, gizi):
        for number, counts in enumerate((("0", "0"), ("1", "0"), ("0", "1"), ("-1", "-1"), ("900", "900"))):
            counts = dict(zip(("form-TOTAL_FORMS", "form-INITIAL_FORMS"), counts, strict=True))
            choices = mapped(beras, 1 + number % 2), mapped(gizi, 2 + number % 2)
            assert saved(as_secretary, as_secretary.get(LIST), *choices, **counts).status_code == 302
            assert (stored(beras)[2:], stored(gizi)[2:]) == ((number + 2, number + 2), (number + 2, number + 2))
        assert Program.objects.count() == 2

    def test_a_row_that_is_sent_twice_is_one_row(self, as_secretary, beras):
        sent = sent_by(as_secretary.get(LIST), _save="Simpan")
        sent[at(beras, "strategy")] = [str(make.strategy(1).pk), str(make.strategy(2).pk)]
        sent[at(beras, "version")] = ["1", "1"]
        assert as_secretary.post(LIST, sent).status_code == 302
        assert stored(beras) == (2, None, 2, 2)

    def test_a_field_that_was_not_sent_stays_as_it_is(self, as_secretary, beras):
        save_as(None, beras, strategy=make.strategy(2))
        sent = sent_by(
            as_secretary.get(LIST), _save="Simpan", **{at(beras, "priority"): str(make.priority(2021, 1).pk)}
        )
        del sent[at(beras, "strategy")]
        assert as_secretary.post(LIST, sent).status_code == 302
        assert stored(beras) == (2, 1, 3, 3)

    def test_a_key_that_no_row_has_is_refused(self, as_secretary, beras):
        opened = as_secretary.get(LIST)
        for key in ("9" * 20, "9" * 18, "-1", "abc", "", "__prefix__", "0x1", "٣", f"0{beras.pk}"):
            forged = {f"form-{key}-version": "1", f"form-{key}-strategy": str(make.strategy(1).pk)}
            answer = saved(as_secretary, opened, mapped(beras, 1), **forged)
            assert answer.context["cl"].formset.non_form_errors(), key
        assert stored(beras) == (None, None, 1, 1)

    def test_a_choice_that_is_not_offered_is_refused_and_explained(self, as_secretary, beras):
        opened = as_secretary.get(LIST)
        for value in ("abc", "999999", "9" * 20, "-1", "\0", "None", '"><b>'):
            for name in ("strategy", "priority"):
                answer = saved(as_secretary, opened, **{at(beras, name): value})
                assert list(row_of(answer, beras).errors) == [name], value
                assert "<b>" not in answer.content.decode().partition("<main")[2]
        assert stored(beras) == (None, None, 1, 1)

    def test_a_false_word_of_what_was_shown_overwrites_nothing(self, as_secretary, beras, operator):
        opened = as_secretary.get(LIST)
        save_as(operator, beras, strategy=make.strategy(2))
        shown = {f"initial-{at(beras, 'strategy')}": "abc"}
        answer = saved(as_secretary, opened, mapped(beras, 1), **shown)
        assert row_of(answer, beras).non_field_errors()
        assert saved(as_secretary, opened, **{f"initial-{at(beras, 'strategy')}": "3"}).status_code == 200
        assert stored(beras) == (2, None, 2, 2)

    def test_a_selection_of_all_rows_changes_nothing_more(self, as_secretary, beras, gizi):
        select = {"select_across": "1", "action": "delete_selected", "_selected_action": [beras.pk, gizi.pk]}
        assert saved(as_secretary, as_secretary.get(LIST), mapped(beras, 1), **select).status_code == 302
        assert (stored(beras), stored(gizi)) == ((1, None, 2, 2), (None, None, 1, 1))


class TestPage:
    def test_every_choice_says_what_it_is_and_for_which_program(self, as_secretary, beras, gizi):
        selects = elements(page(as_secretary.get(LIST)), "select")
        assert [attributes(select)["aria-label"] for select in selects] == [
            "Strategi, Gizi (2026)",
            "Prioritas RKPD, Gizi (2026)",
            "Strategi, Beras (2026)",
            "Prioritas RKPD, Beras (2026)",
        ]

    def test_names_are_never_taken_for_markup(self, as_secretary, dinsos):
        make.strategy(1, short_name='</option><b>"&amp;')
        make.program(dinsos, name='"><b>Beras', strategy=make.strategy(1))
        [strategy, _] = elements(page(as_secretary.get(LIST)), "select")
        assert attributes(strategy)["aria-label"] == 'Strategi, "><b>Beras (2026)'
        assert [words(option) for option in elements(strategy, "option")][1] == '1. </option><b>"&amp;'

    def test_mistakes_are_listed_at_the_top_and_lead_to_their_place(self, as_secretary, beras, gizi, operator):
        opened = as_secretary.get(LIST)
        save_as(operator, gizi, name="Gizi balita")
        make.report(make.activity(beras), 1, status="verified")
        answer = saved(as_secretary, opened, mapped(beras, 1), mapped(gizi, 1))
        html = answer.content.decode()
        assert html.count('role="alert"') == html.count("errornote") == 1
        assert "<title>Belum disimpan · " in html
        assert [(fault.name, fault.anchor) for fault in answer.context["faults"]] == [
            ("Strategi, Gizi balita (2026)", f"id_{at(gizi, 'strategy')}"),
            ("Beras (2026)", f"id_{at(beras, 'strategy')}"),
        ]
        for fault in answer.context["faults"]:
            assert f'href="#{fault.anchor}"' in html and f'id="{fault.anchor}"' in html

    def test_an_empty_list_can_be_opened_and_sent(self, as_secretary):
        opened = as_secretary.get(LIST)
        assert opened.status_code == 200
        assert saved(as_secretary, opened).status_code == 302

    @pytest.fixture
    def statements(self, as_secretary, dinsos):
        """The statements of opening the list, of a refusal, and of saving one row of it, by the number of its rows."""

        def counted(rows):
            for number in range(rows - Program.objects.count()):
                make.program(dinsos, strategy=make.strategy(number % 3 + 1), priority=make.priority(2021, 1))
            with CaptureQueriesContext(connection) as opening:
                opened = as_secretary.get(LIST)
            assert len(opened.context["cl"].formset.forms) == rows
            program = Program.objects.order_by("pk").first()
            choice = mapped(program, 2 if program.strategy.number == 1 else 1)
            with CaptureQueriesContext(connection) as refusing:
                assert saved(as_secretary, opened, **{at(program, "strategy"): "999999"}).status_code == 200
            with CaptureQueriesContext(connection) as saving:
                assert saved(as_secretary, opened, choice).status_code == 302
            return len(opening), len(refusing), len(saving)

        return counted

    def test_many_rows_ask_as_many_questions_as_one(self, statements):
        statements(1)
        assert statements(1) == statements(3) == statements(50)

    def test_fifty_rows_are_light(self, as_secretary, dinsos):
        for year in (2021, 2025):
            for number in (1, 2, 3, 4):
                make.priority(year, number, name="Percepatan reformasi birokrasi dalam rangka pelayanan publik " * 3)
        for number in range(50):
            make.program(dinsos, name=f"Program penunjang urusan pemerintahan daerah kabupaten {number}")
        assert len(as_secretary.get(LIST).content) < 160_000
