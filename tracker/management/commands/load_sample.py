import os

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from tracker.data_files import DataError
from tracker.models import Program, User
from tracker.models.constraints import FIRST_YEAR, LAST_YEAR
from tracker.sample import SampleError
from tracker.sample import year as sample_year
from tracker.sample.accounts import ACCOUNTS, ensure_accounts


class Command(BaseCommand):
    help = "Memuat satu tahun anggaran contoh beserta akun contoh. Hanya dengan DEBUG=1."

    def add_arguments(self, parser):
        parser.add_argument("--year", type=int, metavar="TAHUN", help="Bawaan: tahun triwulan terakhir yang selesai.")
        parser.add_argument("--activities", type=int, metavar="JUMLAH", help="Banyaknya sub kegiatan.")
        parser.add_argument(
            "--if-empty", action="store_true", help="Tidak memuat apa pun bila sudah ada program sungguhan."
        )
        parser.add_argument("--seed", type=int, default=1, metavar="ANGKA", help="Angka acak; bawaan 1.")

    def handle(self, *args, year, activities, seed, if_empty, **options):
        year = year or sample_year.last_ended_year(timezone.localdate())
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise CommandError(f"Tahun anggaran harus antara {FIRST_YEAR} dan {LAST_YEAR}.")
        if activities is not None and activities < 1:
            raise CommandError("--activities paling sedikit 1.")
        in_use = if_empty and Program.objects.filter(is_sample=False).exists()
        if in_use and not User.objects.filter(is_sample=True).exists():
            self.stdout.write("Sudah ada program sungguhan dan tidak ada akun contoh; data contoh tidak dimuat.")
            return
        try:
            with transaction.atomic():
                users, passwords = ensure_accounts(os.environ.get("SAMPLE_PASSWORD", ""))
                if not in_use:
                    self.load(year, users, activities, seed)
        except (SampleError, DataError) as error:
            raise CommandError(str(error)) from error
        self.print_accounts(passwords)

    def load(self, year, users, activities, seed):
        if Program.objects.of_year(year).filter(is_sample=True).exists():
            self.stdout.write(f"Data contoh {year} sudah ada; tidak ada yang ditambahkan.")
            return
        loaded = sample_year.load(year, users=users, how_many=activities, seed=seed)
        self.stdout.write(
            f"Data contoh {year} dimuat: {loaded.programs} program, {loaded.activities} sub kegiatan, "
            f"{loaded.locations} lokasi, {loaded.reports} laporan."
        )

    def print_accounts(self, passwords):
        self.stdout.write("")
        self.stdout.write(f"{'Akun':<12}  {'Peran':<30}  Kata sandi")
        for account in ACCOUNTS:
            password = passwords.get(account.username, "(tetap seperti semula)")
            self.stdout.write(f"{account.username:<12}  {account.title:<30}  {password}")
        if len(passwords) < len(ACCOUNTS):
            self.stdout.write(
                "Kata sandi akun yang sudah ada tidak diubah. Tetapkan SAMPLE_PASSWORD untuk menggantinya."
            )
