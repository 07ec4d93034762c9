"""One series of the catalogue, as the playbook and a shop's feed write it: a JSON object a line."""

from collections.abc import Iterable
from typing import Any, Literal, Self

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, model_validator

STATUS = {"completed": "finished", "releasing": "ongoing", "discontinued": "cancelled"}
"""Other feeds' words for a status."""

VIOLENT = ("violence", "gore", "torture", "body horror", "war")


class Arc(BaseModel):
    """A part of the story, by volumes: what can be said of a volume without telling too much."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    title: str
    first: int = Field(ge=1)
    last: int = Field(ge=1)
    blurb: str = ""


class Series(BaseModel):
    """The facts of one series. `volumes` is None where nobody has counted them.

    `themes` weighs what the story holds from 0 to 100 (violence, gore, romance, revenge …);
    `year` is that of the first chapter; `blurb` is in the shop's own words. Unknown fields of a
    feed are left out; `tag_weights` and `content` of one count as themes, `synopsis` as the blurb.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=200)
    title: str = Field(min_length=1, max_length=300)
    aliases: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    genres: tuple[str, ...] = ()
    themes: dict[str, float] = Field(default_factory=dict)
    demographic: str | None = None
    year: int | None = Field(default=None, ge=1900, le=2100)
    end_year: int | None = Field(default=None, ge=1900, le=2100)
    status: Literal["ongoing", "finished", "hiatus", "cancelled", "upcoming"] | None = None
    volumes: int | None = Field(default=None, ge=1, le=500)
    blurb: str = Field(default="", validation_alias=AliasChoices("blurb", "synopsis"))
    arcs: tuple[Arc, ...] = ()
    score: float | None = Field(default=None, ge=0, le=10)

    @model_validator(mode="before")
    @classmethod
    def _of_a_feed(cls, raw: Any) -> Any:
        return _without_tags(raw) if isinstance(raw, dict) else raw

    @model_validator(mode="after")
    def _weighed(self) -> Self:
        wrong = [name for name, weight in self.themes.items() if not 0 <= weight <= 100]
        if wrong:
            raise ValueError(f"the weight of {wrong[0]!r} must lie between 0 and 100")
        return self

    @property
    def violence(self) -> float:
        """How violent it is, 0 to 100: the given weight, else that of the most violent theme."""
        return self.themes.get("violence", max((self.themes.get(t, 0) for t in VIOLENT), default=0))

    @property
    def names(self) -> tuple[str, ...]:
        """Title and aliases, each once."""
        return tuple(dict.fromkeys((self.title, *self.aliases)))


def _without_tags(raw: dict[str, Any]) -> dict[str, Any]:
    """A feed's row with its weighted tags as themes and its other title as an alias."""
    themes = raw.get("themes")
    weights = themes if isinstance(themes, dict) else dict.fromkeys(_lower(themes or ()), 60)
    for field in ("tag_weights", "content"):
        weights |= {name.lower(): weight for name, weight in (raw.get(field) or {}).items()}
    status = STATUS.get(str(raw.get("status")), raw.get("status"))
    romaji = [raw["title_romaji"]] if raw.get("title_romaji") else []
    aliases = [*(raw.get("aliases") or []), *romaji]
    own = [alias for alias in aliases if alias != raw.get("title")]
    known = {key: value for key, value in raw.items() if value is not None}
    return known | {"themes": weights, "status": status, "aliases": own}


def _lower(names: Iterable[str]) -> list[str]:
    return [name.lower() for name in names]
