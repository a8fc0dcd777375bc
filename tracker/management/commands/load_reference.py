from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from tracker import reference_data
from tracker.data_files import DataError


class Command(BaseCommand):
    help = "Menambahkan data acuan yang belum ada. Yang sudah disunting atau dihapus tidak disentuh."

    def handle(self, *args, **options):
        try:
            added = reference_data.load()
        except DataError as error:
            raise CommandError(str(error)) from error
        for model, count in added:
            label = str(model._meta.verbose_name_plural)
            outcome = f"{count} ditambahkan" if count else "tidak ada yang baru"
            self.stdout.write(f"{label[0].upper()}{label[1:]}: {outcome}.")
        call_command("create_roles", stdout=self.stdout)
