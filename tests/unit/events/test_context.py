"""What a session remembers."""

from events.context import RECENT_CHARACTERS, RECENT_TURNS, Context, Question


def test_an_exchange_is_added_and_the_rest_kept() -> None:
    question = Question(use_case="order_tracking", slot="order_id")
    before = Context(use_case="order_tracking", question=question, entities={"order_id": "ABC123"})
    after = before.remembering("where is it?", "on its way")
    assert [(one.said, one.replied) for one in after.recent] == [("where is it?", "on its way")]
    assert after.model_copy(update={"recent": ()}) == before
    assert before.recent == ()


def test_the_oldest_exchange_is_forgotten() -> None:
    context = Context()
    for number in range(RECENT_TURNS + 2):
        context = context.remembering(f"said {number}", f"replied {number}")
    assert [one.said for one in context.recent] == ["said 2", "said 3", "said 4", "said 5"]


def test_long_texts_are_cut_on_both_sides() -> None:
    (one,) = Context().remembering("a" * 4000, "b" * 4000).recent
    assert len(one.said) == len(one.replied) == RECENT_CHARACTERS


def test_what_is_cut_keeps_its_beginning_and_the_question_at_its_end() -> None:
    reply = "Two orders are open. " + "x" * 4000 + " Which one do you mean?"
    (one,) = Context().remembering("both", reply).recent
    assert one.replied.startswith("Two orders are open.")
    assert one.replied.endswith("Which one do you mean?")
