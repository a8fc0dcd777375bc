from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from tracker import formats
from tracker.imports import applying, mapping
from tracker.imports.outcomes import Outcome
from tracker.imports.plan import plan_of
from tracker.imports.receiving import receive
from tracker.imports.sheets import Unreadable
from tracker.models import ColumnMapping, User
from tracker.models.imports import Sheet

MOST_TOLD = 100


class Command(BaseCommand):
    help = (
        "Baca berkas XLSX atau CSV lembar program atau realisasi dan tampilkan apa yang akan berubah. "
        "Dengan --apply perubahan itu disimpan, seluruhnya atau tidak sama sekali."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", help="berkas XLSX atau CSV")
        parser.add_argument("--sheet", required=True, choices=Sheet.values, help="lembar di dalamnya")
        parser.add_argument("--user", required=True, help="nama pengguna; haknya berlaku dan namanya tercatat")
        parser.add_argument("--apply", action="store_true", help="simpan perubahannya")
        parser.add_argument("--mapping", help="nama susunan kolom tersimpan, untuk berkas dengan judul kolom lain")

    def handle(self, *, file, sheet, user, apply, **options):
        user = self.user_called(user)
        if not Path(file).is_file():
            raise CommandError(f"Berkas {file} tidak ada.")
        try:
            batch, proposal = receive(file, file, user, wanted=Sheet(sheet))
        except Unreadable as refusal:
            raise CommandError(refusal.args[0]) from None
        try:
            if batch.layout is None or options["mapping"]:
                self.lay_out(batch, proposal, options["mapping"])
            plan = self.carried_out(batch, user, apply)
        finally:
            if batch.is_open:
                batch.delete()
        self.tell(plan, apply)

    def user_called(self, name) -> User:
        user = User.objects.filter(username=name, is_active=True).first()
        if user is None:
            raise CommandError(f"Tidak ada pengguna aktif bernama {name}.")
        if not user.enters_figures:
            raise CommandError(f"{name} tidak berhak mengisi data: hanya Sekretariat TKPK dan Operator OPD.")
        return user

    def lay_out(self, batch, proposal, name):
        layout = self.layout_called(name, batch, proposal) if name else mapping.remembered(batch, proposal)[1]
        if layout is None:
            advice = "Unggah berkas ini satu kali di halaman Impor untuk mencocokkan kolomnya, lalu simpan susunannya."
            raise CommandError("\n".join([*proposal.complaints, advice]))
        batch.sheet, batch.layout = layout.sheet, layout.as_json()

    def layout_called(self, name, batch, proposal):
        known = ColumnMapping.objects.filter(name=name, sheet=proposal.layout.sheet).first()
        if known is None:
            raise CommandError(f"Tidak ada susunan kolom bernama “{name}” untuk lembar ini.")
        layout = mapping.fitted(known, batch, proposal)
        if layout is None:
            raise CommandError(f"Judul kolom berkas ini berbeda dari susunan “{name}”.")
        return layout

    def carried_out(self, batch, user, apply):
        lines = sum(worksheet["rows"] for worksheet in batch.worksheets)
        with tqdm(total=lines, unit=" baris", desc=batch.file_name, file=self.stderr, disable=None) as bar:
            if not apply:
                return plan_of(batch, user, on_line=bar.update)
            batch.save()
            try:
                return applying.apply(batch, user, on_line=bar.update)
            except applying.Busy:
                raise CommandError("Data terus diubah orang lain, jadi belum ada yang disimpan. Ulangi.") from None

    def tell(self, plan, apply):
        for judged, problem in plan.problems[:MOST_TOLD]:
            place = f"Baris {judged.number}, kolom {problem.column}" if problem.column else f"Baris {judged.number}"
            value = f" (“{problem.value}”)" if problem.value else ""
            self.stdout.write(f"{place}{value}: {problem.reason}")
        if len(plan.problems) > MOST_TOLD:
            self.stdout.write(f"… dan {formats.number(len(plan.problems) - MOST_TOLD)} masalah lain.")
        for judged in plan.warned:
            for warning in judged.warnings:
                self.stdout.write(f"Baris {judged.number}, perlu diperiksa: {warning}")
        for total in plan.totals:
            before, after = formats.full_rupiah(total.before), formats.full_rupiah(total.after)
            self.stdout.write(f"{plan.totals_of}, {total.name}: {before} menjadi {after}")
        counts = ", ".join(f"{formats.number(plan.counts[each])} {each.label.lower()}" for each in Outcome)
        self.stdout.write(f"{counts}.")
        if plan.counts[Outcome.REFUSED]:
            raise CommandError("Tidak ada yang disimpan: perbaiki baris yang ditolak, lalu ulangi.")
        if not plan.has_work:
            self.stdout.write("Tidak ada yang perlu disimpan.")
        elif apply:
            self.stdout.write(self.style.SUCCESS("Disimpan."))
        else:
            self.stdout.write("Belum disimpan. Ulangi dengan --apply untuk menyimpannya.")
