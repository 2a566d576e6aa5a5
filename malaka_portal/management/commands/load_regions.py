from django.core.management.base import BaseCommand

from malaka_portal.regions import load_regions


class Command(BaseCommand):
    help = "Load or refresh the official regions of Indonesia."

    def handle(self, *args, **options):
        self.stdout.write(f"{load_regions()} regions written.")
