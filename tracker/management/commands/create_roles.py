from django.core.management.base import BaseCommand

from tracker import formats, roles
from tracker.models.scope import Role


class Command(BaseCommand):
    help = "Membuat peran (grup) yang belum ada dan memberi setiap peran haknya. Dapat diulang kapan saja."

    def handle(self, *args, **options):
        added = roles.create_roles()
        names = formats.listed(added or Role.values, most=len(Role))
        self.stdout.write(f"Peran dibuat: {names}." if added else f"Peran sudah ada, haknya disesuaikan: {names}.")
