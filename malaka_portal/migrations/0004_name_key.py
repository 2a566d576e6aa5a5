"""How names are compared: one SQL function, used by columns, indexes and searches alike."""

from string import ascii_uppercase

from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations

# Upper case, without accents; only A-Z, 0-9 and single blanks are left. `unaccent` is said to be
# STABLE because its dictionary may be edited; nobody edits it here, hence IMMUTABLE. Every name is
# qualified, since indexes are built and dumps restored with an empty search_path, and the
# collation is fixed, so that the result does not depend on the database's locale.
NAME_PLAIN = """
CREATE FUNCTION public.name_plain(name text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN btrim(
    regexp_replace(
        translate(
            upper(public.unaccent('public.unaccent'::regdictionary, normalize(name, NFKC))
                  COLLATE "C"),
            '''`"', ''),
        '[^A-Z0-9]+', ' ', 'g'),
    ' ');
"""

# Spellings of one sound, as registers of the border write them:
#   old spelling  Djoko, Tjipto, Soekarno = Joko, Cipto, Sukarno   DJ TJ OE -> J C U
#   a mute H      Philipus, Theresia, Christina, Khairul           PH TH CH KH -> F T K K
#   J, Y and I    Johanes = Yohanes, Dewy = Dewi, Meotroy = Meotroi
#   V and F       Veronika = Feronika
#   X and CK      Maxi = Maksi, Frederick = Frederik
# and doubled letters: Anna = Ana. No rule looks at what stands around it and none makes what
# another one reads, so that the key of a key is the key itself.
#
# DOUBLED is a letter before the same letter: three times faster than a back reference.
DOUBLED = "|".join(f"{letter}(?={letter})" for letter in ascii_uppercase)
NAME_KEY = f"""
CREATE FUNCTION public.name_key(name text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN regexp_replace(
    replace(regexp_replace(
        replace(replace(replace(replace(replace(
            translate(
                replace(replace(
                    regexp_replace(public.name_plain(name), '{DOUBLED}', '', 'g'),
                    'DJ', 'J'), 'TJ', 'C'),
                'JYV', 'IIF'),
            'X', 'KS'), 'PH', 'F'), 'TH', 'T'), 'CH', 'K'), 'KH', 'K'),
        'C+K', 'K', 'g'), 'OE', 'U'),
    '{DOUBLED}', '', 'g');
"""


class Migration(migrations.Migration):
    dependencies = [("malaka_portal", "0003_actors")]

    operations = [
        UnaccentExtension(),
        TrigramExtension(),
        migrations.RunSQL([NAME_PLAIN], "DROP FUNCTION public.name_plain(text)"),
        migrations.RunSQL([NAME_KEY], "DROP FUNCTION public.name_key(text)"),
    ]
