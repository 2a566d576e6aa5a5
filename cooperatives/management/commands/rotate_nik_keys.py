import getpass

from django.core.management.base import BaseCommand, CommandError

from cooperatives import nik_keys
from malaka_portal.actors import acting


class Command(BaseCommand):
    help = "Seal all identity numbers with the first key of NIK_CIPHER_KEYS, all or none."

    def add_arguments(self, parser):
        parser.add_argument(
            "--check",
            action="store_true",
            help="change nothing; say whether every number fits the keys, as after a restore",
        )

    def handle(self, *args, check, **options):
        try:
            if check:
                self.stdout.write(f"{nik_keys.check()} identity numbers fit these keys.")
                return
            with acting(command="rotate_nik_keys", by=getpass.getuser()):
                self.stdout.write(f"{nik_keys.rotate()} identity numbers rotated.")
        except nik_keys.WrongKeys as error:
            raise CommandError(
                f"{error} Nothing was changed. Add the missing key to the end of NIK_CIPHER_KEYS"
                + (", or put the right NIK_HASH_KEY back." if check else ".")
            ) from None
