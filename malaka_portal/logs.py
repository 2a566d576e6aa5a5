"""What may not reach a log file."""

import logging
import re

# In one piece or in groups, also as an address spells the space between them.
IDENTITY_NUMBER = re.compile(r"(?<!\d)\d(?:(?:[ .+-]|%20)?\d){15}(?!\d)")


class HideIdentityNumbers(logging.Filter):
    """Replaces every 16-digit number (a NIK or family card) in a log line, its traceback too."""

    def filter(self, record):
        record.msg = hidden(record.getMessage())
        record.args = ()
        if record.exc_info:  # the handler writes this text instead of making its own
            record.exc_text = hidden(logging.Formatter().formatException(record.exc_info))
        return True


def hidden(text):
    return IDENTITY_NUMBER.sub("•" * 16, text)
