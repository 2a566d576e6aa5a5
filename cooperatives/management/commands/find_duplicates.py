import getpass

from django.core.management.base import BaseCommand

from cooperatives import services
from malaka_portal.actors import acting


class Command(BaseCommand):
    help = "Compare the people whose records are new or changed with the others."

    def handle(self, *args, **options):
        with acting(command="find_duplicates", by=getpass.getuser()):
            count = services.find_duplicates()
        self.stdout.write(f"{count} changed records compared.")
