"""What may not reach a log file."""

import logging
import re

IDENTITY_NUMBER = re.compile(r"(?<!\d)\d{16}(?!\d)")


class HideIdentityNumbers(logging.Filter):
    """Replaces every 16-digit number (a NIK or family card) in a log line by dots."""

    def filter(self, record):
        record.msg = IDENTITY_NUMBER.sub("•" * 16, record.getMessage())
        record.args = ()
        return True
