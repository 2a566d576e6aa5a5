from django.core.management.base import BaseCommand, CommandError

from cooperatives import demo, services
from cooperatives.models import Cooperative, Enterprise, Member, Person, Product
from malaka_portal.models import Region


class Command(BaseCommand):
    help = "Fill an empty registry with made-up data to try the portal out. Only with DEBUG on."

    def add_arguments(self, parser):
        parser.add_argument("--scale", type=int, default=1, help="so many times the usual size")

    def handle(self, *args, scale, **options):
        if not Region.objects.below(demo.MALAKA).exists():
            raise CommandError("The regions are missing. Load them first: ./dev load_regions")
        written = demo.seed(scale=scale)
        if written is None:
            self.stdout.write("The registry is not empty: no demo data added.")
            return
        services.find_duplicates()  # else they would wait for the nightly command
        self.stdout.write(
            f"Demo data added: {written[Cooperative]} cooperatives, {written[Person]} people, "
            f"{written[Member]} members, {written[Enterprise]} enterprises, "
            f"{written[Product]} products."
        )
