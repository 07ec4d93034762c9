"""What of a series or a policy lies in the index: its text, its payload, its id."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playbook.policy import Policy
from playbook.series import Series

SPACE = uuid.UUID("6f0c7a52-6a0f-5a39-9f0e-52c0d0f3a7f1")
"""Ids of points are made of this and the series' id: the same in every version of an index."""

SERIES, POLICY = "series", "policy"
TOLD_THEMES = 8


@dataclass(frozen=True)
class Entry:
    """One point before it has a vector. `text` is what is embedded."""

    kind: str
    ref: str
    text: str
    payload: Mapping[str, Any]

    @property
    def id(self) -> str:
        """Its id in Qdrant."""
        return point_id(self.kind, self.ref)


def point_id(kind: str, ref: str) -> str:
    """The id of the point of a series or policy."""
    return str(uuid.uuid5(SPACE, f"{kind}/{ref}"))


def series_entry(series: Series) -> Entry:
    """A series by what it is like: genres, the heaviest themes, blurb. Its title is not embedded:
    titles are matched by letters, and a title's words ("Monster") would pull in the wrong stories.

    A series without themes was never weighed: it meets no condition on violence.
    """
    payload = {
        "kind": SERIES,
        "ref": series.id,
        "violence": series.violence if series.themes else None,
        "volumes": series.volumes,
        "status": series.status,
        "demographic": series.demographic,
        "year": series.year,
        "genres": [genre.lower() for genre in series.genres],
        "themes": [name for name, weight in series.themes.items() if weight >= 40],
        "series": series.model_dump(mode="json", exclude_defaults=True),
    }
    return Entry(SERIES, series.id, _words(series), payload)


def policy_entry(policy: Policy) -> Entry:
    """A policy by its title, how customers ask for it, and its text."""
    text = " ".join((policy.title + ".", *policy.asks, policy.text))
    payload = {"kind": POLICY, "ref": policy.id, "title": policy.title, "text": policy.text}
    return Entry(POLICY, policy.id, text, payload)


def top_themes(series: Series, most: int = TOLD_THEMES) -> list[str]:
    """The names of the heaviest themes, the heaviest first."""
    ranked = sorted(series.themes.items(), key=lambda pair: (-pair[1], pair[0]))
    return [name for name, weight in ranked if weight > 0][:most]


def _words(series: Series) -> str:
    genres = ", ".join(series.genres)
    themes = ", ".join(top_themes(series))
    reader = f"For {series.demographic} readers." if series.demographic else ""
    parts = (f"{genres}." if genres else "", f"{themes}." if themes else "", reader, series.blurb)
    return " ".join(part for part in parts if part) or series.title
