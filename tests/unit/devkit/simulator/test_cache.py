from typing import Any

from suites.provider import Clock, model

from devkit.simulator.ask import Prompt
from devkit.simulator.cache import TTL_S, PromptCache
from devkit.simulator.tokens import tokens_of

CONTROL = {"type": "ephemeral"}
LONG, SHORT = "x" * 360, "y" * 18


def prompt(system: list[tuple[str, bool]], user: str = "hello", **more: Any) -> Prompt:
    blocks = [
        {"type": "text", "text": text, "cache_control": CONTROL if marked else None}
        for text, marked in system
    ]
    messages = [{"role": "user", "content": user}]
    return Prompt.model_validate({"model": "m", "system": blocks, "messages": messages, **more})


def test_the_first_call_writes_and_the_second_reads() -> None:
    cache, haiku = PromptCache(Clock()), model()
    first = cache.count(prompt([(LONG, True)], "who?"), haiku)
    assert (first.plain, first.read, first.written) == (tokens_of(LONG + "who?") - 100, 0, 100)
    cache.keep(first, haiku)
    second = cache.count(prompt([(LONG, True)], "and why is that so?"), haiku)
    assert (second.read, second.written) == (100, 0)
    assert second.tokens == tokens_of(LONG + "and why is that so?")


def test_without_a_breakpoint_or_below_the_minimum_nothing_is_cached() -> None:
    cache, haiku = PromptCache(Clock()), model()
    assert cache.count(prompt([(LONG, False)]), haiku).kept == ()
    small = cache.count(prompt([(SHORT, True)]), haiku)
    assert (small.read, small.written, small.kept) == (0, 0, ())


def test_a_call_that_never_began_leaves_nothing_behind() -> None:
    cache, haiku = PromptCache(Clock()), model()
    cache.count(prompt([(LONG, True)]), haiku)
    assert cache.count(prompt([(LONG, True)]), haiku).read == 0


def test_it_lasts_five_minutes_from_the_last_use() -> None:
    clock, haiku = Clock(), model()
    cache, asked = PromptCache(clock), prompt([(LONG, True)])
    cache.keep(cache.count(asked, haiku), haiku)
    clock.now += TTL_S - 1
    cache.keep(cache.count(asked, haiku), haiku)
    clock.now += TTL_S - 1
    assert cache.count(asked, haiku).read == 100
    clock.now += 2
    assert cache.count(asked, haiku).read == 0


def test_another_text_or_another_model_is_another_prefix() -> None:
    cache, haiku = PromptCache(Clock()), model()
    cache.keep(cache.count(prompt([(LONG, True)]), haiku), haiku)
    assert cache.count(prompt([(LONG + "!", True)]), haiku).read == 0
    sonnet = type(haiku)("sonnet-5-5", haiku.spec, haiku.price)
    assert cache.count(prompt([(LONG, True)]), sonnet).read == 0


def test_a_longer_prefix_reads_the_shorter_one_and_writes_the_rest() -> None:
    cache, haiku = PromptCache(Clock()), model()
    cache.keep(cache.count(prompt([(LONG, True)]), haiku), haiku)
    longer = cache.count(prompt([(LONG, True), (LONG, True)]), haiku)
    assert (longer.read, longer.written) == (100, 100)


def test_a_breakpoint_of_the_whole_request_marks_its_last_block() -> None:
    cache, haiku = PromptCache(Clock()), model()
    counted = cache.count(prompt([(LONG, False)], "hello", cache_control=CONTROL), haiku)
    assert (counted.plain, counted.written) == (0, tokens_of(LONG + "hello"))
