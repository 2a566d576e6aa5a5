from django.core.management import call_command
from django.core.management.base import BaseCommand

from malaka_portal.demo import PASSWORD, accounts_here
from malaka_portal.models import Region
from malaka_portal.regions import load_regions


class Command(BaseCommand):
    help = "What ./dev run does before it serves: migrate, load the regions, seed the demo."

    def add_arguments(self, parser):
        parser.add_argument("--address", default="127.0.0.1:8000")

    def handle(self, *args, address, **options):
        call_command("migrate", verbosity=0)
        if not Region.objects.exists():
            self.stdout.write(f"{load_regions()} regions loaded.")
        call_command("seed_demo", stdout=self.stdout)
        self.stdout.write(f"\nPortal Malaka: http://{address}/   password for all: {PASSWORD}")
        for username, role in accounts_here():
            self.stdout.write(f"  {username:12} {role}")
        self.stdout.write("Stop with Ctrl-C.")
