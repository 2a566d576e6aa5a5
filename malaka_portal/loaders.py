"""How templates are read."""

import re

from django.template.loaders import filesystem

INDENT = re.compile(r"\n[ \t]+")


class Loader(filesystem.Loader):
    """Our own templates without their indentation: a browser shows none of it, and every page
    would carry it to the phone. Lines keep their numbers."""

    def get_contents(self, origin):
        return INDENT.sub("\n", super().get_contents(origin))
