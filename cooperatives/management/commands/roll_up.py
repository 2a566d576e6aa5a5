from django.core.management.base import BaseCommand

from cooperatives.services import roll_up


class Command(BaseCommand):
    help = "Writes the summaries of the regions and of the nation anew; the worker does it too."

    def handle(self, *args, **options):
        self.stdout.write(f"{roll_up()} regions")
