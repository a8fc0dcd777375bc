from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from tracker import carrying_over, formats
from tracker.models import Period, Program
from tracker.models.constraints import FIRST_YEAR, LAST_YEAR


class Command(BaseCommand):
    help = "Membuka tahun anggaran: empat triwulan, dan bila diminta program tahun lain tanpa laporannya."

    def add_arguments(self, parser):
        parser.add_argument("year", type=int, metavar="TAHUN")
        parser.add_argument(
            "--copy-from", type=int, metavar="TAHUN", help="Salin program dan sub kegiatan dari tahun ini."
        )

    @transaction.atomic
    def handle(self, *args, year, copy_from, **options):
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise CommandError(f"Tahun anggaran harus antara {FIRST_YEAR} dan {LAST_YEAR}.")
        if copy_from == year:
            raise CommandError("Tahun asal salinan harus lain daripada tahun yang dibuka.")
        opened = Period.objects.open_year(year)
        names = formats.listed([formats.quarter(period.quarter) for period in opened], most=4)
        self.stdout.write(f"Tahun anggaran {year}: {names or 'keempat triwulan sudah'} dibuka.")
        if copy_from is not None:
            self.carry_over(copy_from, year)

    def carry_over(self, from_year, to_year):
        if not Program.objects.of_year(from_year).exists():
            raise CommandError(f"Tahun anggaran {from_year} tidak mempunyai program untuk disalin.")
        carried = carrying_over.carry_over(from_year=from_year, to_year=to_year)
        self.stdout.write(
            f"Disalin dari {from_year}: {carried.programs} program, {carried.activities} sub kegiatan, "
            f"{carried.locations} lokasi. Laporan tidak disalin."
        )
        if carried.programs_already_there:
            self.stdout.write(f"{carried.programs_already_there} program sudah ada pada {to_year} dan dilewati.")
        if carried.activities_stopped:
            self.stdout.write(f"{carried.activities_stopped} sub kegiatan yang dihentikan tidak disalin.")
