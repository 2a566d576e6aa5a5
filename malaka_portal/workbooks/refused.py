"""Why a file is not read: a code and what its sentence needs, without Django."""


class Refused(Exception):
    """`code` is a key of `refusals.MESSAGES`, `facts` fill in its sentence."""

    def __init__(self, code, **facts):
        super().__init__(code)
        self.code = code
        self.facts = facts
