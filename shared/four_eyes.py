"""Four eyes: who decides is another than who proposed."""

from shared.errors import Refused


def require_second_person(proposer: str, decider: str, refusal: Refused) -> None:
    """Raises the refusal, in the words of what is decided, when one person would do both."""
    if proposer == decider:
        raise refusal
