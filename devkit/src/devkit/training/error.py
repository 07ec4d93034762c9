"""What goes wrong with training data."""

from devkit.errors import DevkitError


class CorpusError(DevkitError):
    """A corpus cannot be used; the message names the file and the line, and what to do."""
