from django.core.management.base import BaseCommand, CommandError

from tracker.sample import SampleError, clearing


class Command(BaseCommand):
    help = "Menghapus seluruh data dan akun contoh. Menolak bila ada data sungguhan yang bergantung padanya."

    def add_arguments(self, parser):
        parser.add_argument("--noinput", "--no-input", action="store_true", help="Tanpa pertanyaan.")

    def handle(self, *args, noinput, **options):
        if not noinput and input("Hapus seluruh data dan akun contoh? Ketik ya: ").strip().lower() != "ya":
            raise CommandError("Dibatalkan; tidak ada yang dihapus.")
        try:
            removed = clearing.clear()
        except SampleError as error:
            raise CommandError(str(error)) from error
        if not any(count for _, count in removed):
            self.stdout.write("Tidak ada data contoh.")
            return
        for model, count in removed:
            if count:
                self.stdout.write(f"Dihapus: {count} {model._meta.verbose_name_plural}.")
