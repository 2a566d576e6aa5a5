from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cooperatives.services import check_summaries, mend_summaries


class Command(BaseCommand):
    help = (
        "Compares the summaries of a thirtieth part of the cooperatives (each day another) with "
        "the rows that they count. Ends with 1 when one differs."
    )

    def add_arguments(self, parser):
        parser.add_argument("--all", action="store_true", help="of all cooperatives")
        parser.add_argument("--mend", action="store_true", help="and set right what differs")

    def handle(self, *args, **options):
        found = check_summaries(day=timezone.localdate(), whole=options["all"])
        for cooperative, said, right in found:
            self.stderr.write(f"cooperative {cooperative}: {said} should be {right}")
        if found and options["mend"]:
            mend_summaries(found)
        if found:
            mended = ", set right" if options["mend"] else "; --mend sets them right"
            raise CommandError(f"{len(found)} summaries differ from their rows{mended}.")
        self.stdout.write("The summaries agree with their rows.")
