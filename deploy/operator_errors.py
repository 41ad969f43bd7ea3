"""The base of what an operator can mend."""


class OperatorError(Exception):
    """The message says, in Dutch, what is wrong and what to do."""
