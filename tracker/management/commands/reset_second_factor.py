from django.core.management.base import BaseCommand, CommandError

from tracker import second_factor
from tracker.models import User


class Command(BaseCommand):
    help = "Mematikan kode masuk dari telepon pada satu akun, misalnya bila telepon Sekretariat terakhir hilang."

    def add_arguments(self, parser):
        parser.add_argument("username", help="nama pengguna akun itu")

    def handle(self, *args, username, **options):
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"Tidak ada akun dengan nama pengguna “{username}”.")
        if second_factor.turn_off(user):
            self.stdout.write(f"Kode masuk dari telepon pada akun “{username}” sudah dimatikan.")
        else:
            self.stdout.write(f"Akun “{username}” memang tidak memakai kode masuk dari telepon.")
