"""Plain texts of a return's steps, as the order tier writes them: with every kind of fact."""

from random import Random
from string import ascii_uppercase

from playbook.renderer import MONTHS, money
from playbook.series import Series

TEXTS = (
    "Which of your orders is it?\n1. {order} of {day}: {title}, volume {volume}\n"
    "2. {other} of {later}: {title}, volume {next}",
    "Which book of order {order} do you want to send back?\n1. {title}, volume {volume}\n"
    "2. {title}, volume {next}\nIf it is all of them, write “all”.",
    "Order {order} was delivered on {day}, and {days} days have passed: returns are possible "
    "within 30 days of delivery only. If the book arrived damaged, write to "
    "help@kumo-manga.example.",
    "Do you want the money back, {amount}, or {title}, volume {next}, instead? An exchange is sent "
    "as soon as the return is with us, not before.",
    "Your return {code} of order {order} is open: {title}, volume {volume}, {amount}. Print the "
    "label at https://kumo-manga.example/labels/{code} and hand the parcel in by {later}. The "
    "refund of {amount} goes to Visa ending {card} within 5 working days after it is back with us.",
    "The label for {title}, volume {volume}, is at https://kumo-manga.example/labels/{code}. It is "
    "valid until {later}; without it the postage of $3.90 is yours. We can't take books that were "
    "read.",
    "I can't find {title}, volume {volume}, in order {order}. Please check the number: three "
    "letters and three digits. You can cancel this return at any time.",
    "Your return {code} is cancelled, and nothing was sent. Order {order} stays as it is, and you "
    "have until {later} to open another.",
)


def plain_text(series: Series, chance: Random) -> str:
    """One of the texts, with figures drawn."""
    volume = chance.randint(1, series.volumes or 1)
    return chance.choice(TEXTS).format(
        title=series.title,
        volume=volume,
        next=volume + 1,
        order=f"#{_letters(chance, 3)}{chance.randint(100, 999)}",
        other=f"#{_letters(chance, 3)}{chance.randint(100, 999)}",
        code=f"RT-{_letters(chance, 2)}{chance.randint(1000, 9999)}",
        amount=money(chance.randint(700, 4000)),
        card=chance.randint(1000, 9999),
        days=chance.randint(31, 90),
        day=_day(chance, 0),
        later=_day(chance, 6),
    )


def _letters(chance: Random, count: int) -> str:
    return "".join(chance.choices(ascii_uppercase, k=count))


def _day(chance: Random, month: int) -> str:
    return f"{chance.randint(1, 28)} {MONTHS[month + chance.randrange(6)]}"
