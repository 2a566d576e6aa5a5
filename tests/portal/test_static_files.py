"""Our stylesheets and scripts as they are served: smaller, and the same to a browser."""

import json
from pathlib import Path

import brotli
import pytest
from django.core.management import call_command

from malaka_portal.static_files import small

STATIC = Path(__file__).parents[2] / "static"
FILES = [str(p.relative_to(STATIC)) for kind in ("css", "js") for p in STATIC.glob(f"{kind}/*")]


def smaller(name):
    return small(name, (STATIC / name).read_bytes())


@pytest.mark.parametrize("name", FILES)
def test_no_comment_and_no_indentation_is_served(name):
    text = smaller(name).decode()
    lines = text.splitlines()

    assert "/*" not in text
    assert [line for line in lines if not line or line[0] == " " or line.startswith("//")] == []
    assert len(text) < len((STATIC / name).read_text())


def test_what_stands_beside_code_is_left_alone():
    script = b'  // why\n  let a = "https://x"; // beside\n\n  /* long\n     story */\n  go(a);\n'

    assert small("js/a.js", script) == b'let a = "https://x"; // beside\ngo(a);'


def test_files_of_others_are_served_as_they_are():
    assert small("admin/js/core.js", b"  // theirs\n") == b"  // theirs\n"


def test_what_is_collected_is_small_and_compressed(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "malaka_portal.static_files.StaticStorage"}
    }

    call_command("collectstatic", interactive=False, verbosity=0)

    names = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    served = tmp_path / names["css/futus.css"]
    assert served.stat().st_size <= len(smaller("css/futus.css")) + 200  # its addresses are longer
    packed = served.with_name(served.name + ".br").read_bytes()
    assert brotli.decompress(packed) == served.read_bytes()
    assert names["js/sheets.js"] != "js/sheets.js"
