"""What a value must be like, wherever it is typed."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Words that people here reach for first; with digits or signs around them they are guessed too.
LOCAL_WORDS = frozenset(Path(__file__).with_name("common_words.txt").read_text().split())


class LocalCommonPasswordValidator:
    """Refuses passwords made of one well-known Indonesian word, repeated or with digits added."""

    def validate(self, password, user=None):
        letters = "".join(c for c in password.casefold() if c.isalpha())
        if letters and any(is_repetition(letters, word) for word in LOCAL_WORDS):
            raise ValidationError(
                _("This password is among the first that others would try. Use several words."),
                code="password_too_common",
            )

    def get_help_text(self):
        return _("Not a single well-known word, with or without digits.")


def is_repetition(text, word):
    """`text` is `word`, once or several times over."""
    return text == word * (len(text) // len(word))
