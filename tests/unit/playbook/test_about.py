"""Series by the words that the catalogue has of them."""

from playbook.about import about, stems
from playbook.series import Series


def test_blurb_themes_genres_readers_and_authors_tell_of_a_series() -> None:
    series = Series(
        id="s",
        title="Untold",
        authors=("A. Nother",),
        genres=("Drama",),
        themes={"cats": 80},
        demographic="seinen",
        blurb="Two thieves.",
    )
    assert about([series]) == {"s": {"nother", "drama", "cat", "seinen", "two", "thieve"}}


def test_what_is_not_known_of_a_series_is_no_word() -> None:
    assert about([Series(id="s", title="Untold")]) == {"s": frozenset()}


def test_one_and_many_are_alike_and_small_words_are_none() -> None:
    assert stems("Cats, the cat; a glass of it") == {"cat", "the", "glass"}


def test_letters_of_other_languages_are_letters() -> None:
    assert stems("Pokémon für Mädchen") == {"pokémon", "für", "mädchen"}
