import hashlib
import json
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from malaka_portal.imports import acts
from malaka_portal.imports.kinds import KINDS
from malaka_portal.imports.layout import lay_out
from malaka_portal.models import Import
from malaka_portal.workbooks.reading import read

SUMS = ("read", "created", "changed", "unchanged", "refused", "skipped")


class Command(BaseCommand):
    help = (
        "Checks a spreadsheet and says what it would write; --save writes it. Without --save "
        "nothing is kept. Columns that are probably meant are taken, unknown ones left out."
    )

    def add_arguments(self, parser):
        parser.add_argument("kind", choices=sorted(KINDS))
        parser.add_argument("file", type=Path)
        parser.add_argument("--cooperative", help="its number in the portal, NIK Koperasi or name")
        parser.add_argument("--save", action="store_true", help="write the good rows")
        parser.add_argument("--json", action="store_true", help="print sums and problems as JSON")

    def handle(self, *args, kind, file, cooperative, save, **options):
        kind = KINDS[kind]
        try:
            with transaction.atomic():
                row, told = self.bring(kind, file, self.target(kind, cooperative), save)
                if not save:
                    transaction.set_rollback(True)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        except FileNotFoundError:
            raise CommandError(f"There is no file {file}.") from None
        write = self.write_json if options["json"] else self.write_text
        write(row, told, save)

    def target(self, kind, text):
        """The row that the file belongs to, by its number or its name."""
        if kind.target_model is None:
            if text:
                raise CommandError("This kind of file belongs to no single cooperative.")
            return None
        if not text:
            raise CommandError("Say whose file it is: --cooperative ID-OR-NAME.")
        found = list(kind.find_target(text)[:6])
        if len(found) != 1:
            names = "; ".join(f"{row.pk} {row}" for row in found) or "none"
            raise CommandError(f"Not one cooperative is called “{text}”. Found: {names}.")
        return found[0]

    def bring(self, kind, path, target, save):
        content = path.read_bytes()
        book = read(str(path), path.name)
        row = Import(
            kind=kind.name,
            target_id=target and target.pk,
            place=acts.place_of(target, None),
            file_name=path.name[-100:],
            file_hash=hashlib.sha256(content).hexdigest(),
        )
        lay_out(row, kind, book)
        row.answers["columns"] = {
            doubt["key"]: doubt["guess"] or None for doubt in row.layout["doubts"]
        }
        lay_out(row, kind, book)
        if save:
            with path.open("rb") as file:
                row.file.save(path.name, File(file), save=False)
        row.save()
        acts.check(row, book)
        told = list(problems(row, kind, book))
        if save:
            acts.save(row)
        return row, told

    def write_json(self, row, told, save):
        sums = {name: row.counts[name] for name in SUMS}
        self.stdout.write(json.dumps(sums | {"problems": told}, ensure_ascii=False, indent=1))

    def write_text(self, row, told, save):
        for problem in told:
            self.stdout.write("{sheet}, row {row}: {message} [{reason}]".format(**problem))
        sums = ", ".join(f"{row.counts[name]} {name}" for name in SUMS)
        self.stdout.write(f"{sums}. " + ("Saved." if save else "Nothing was saved (--save)."))


def problems(row, kind, book):
    """What is wrong (one error a row) and what looks odd, in the order of the file."""
    labels = {source.key: str(source.label) for source in kind.sources}
    for line in row.lines.exclude(outcome="skipped").order_by("sheet", "number"):
        at = {"sheet": book.sheets[line.sheet].name, "row": line.number}
        if line.reason:
            yield at | problem(labels, line.column, line.reason, line.message, "error")
        for warning in line.warnings:
            yield at | problem(labels, level="warning", **warning)


def problem(labels, column, reason, message, level):
    return {
        "column": labels.get(column, column),
        "reason": reason,
        "message": message,
        "level": level,
    }
