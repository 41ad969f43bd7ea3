"""What ends a job before its end, or what a job function raises to say so."""


class JobFailedError(Exception):
    """The job cannot be done, now or later; the text (Dutch) says why, without personal data."""


class RetryError(Exception):
    """The job cannot be done now; the text (Dutch) says why, without personal data."""


class JobCancelledError(Exception):
    """Somebody cancelled the job: it ends here, between two steps."""


class LeaseLostError(Exception):
    """Another worker has the job: what this one was doing is rolled back."""
