"""What goes into an index: a catalogue, and the policies of a playbook."""

from collections.abc import Iterable
from pathlib import Path

from playbook.catalogue import catalogue_of
from playbook.series import Series
from playbook.shop import load_shop
from rag.index.point import Entry, policy_entry, series_entry


def playbook_entries(playbook: Path) -> list[Entry]:
    """The playbook's own catalogue and its policies. Raises PlaybookError."""
    return entries_of(catalogue_of(playbook), playbook)


def entries_of(series: Iterable[Series], playbook: Path) -> list[Entry]:
    """A catalogue from elsewhere, and the playbook's policies. Raises PlaybookError."""
    policies = load_shop(playbook).policies.values()
    return [*(series_entry(one) for one in series), *(policy_entry(one) for one in policies)]
