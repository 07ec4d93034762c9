"""Customers with something to return: one order each, delivered a week ago."""

import json
from pathlib import Path

from devkit.check.dialogues import CUSTOMER, ORDER
from order.seed import load

BOOK = {"series": "Berserk", "volumes": [1], "price_cents": 1499}


async def seed_returns(admin_dsn: str, count: int, folder: Path) -> None:
    """Write `count` of them to the shop's tables, by way of a file in `folder`."""
    file = folder / "customers.yaml"
    # JSON is YAML.
    file.write_text(json.dumps({"customers": [_customer(number) for number in range(count)]}))
    await load(admin_dsn, file)


def _customer(number: int) -> dict[str, object]:
    paid = {"day": -12, "method": "Visa ending 4242", "invoice_no": f"CK-{number:05d}"}
    order = {
        "id": ORDER.format(number),
        "state": "delivered",
        "placed": -13,
        "promised": -6,
        "due": -6,
        "shipped": -11,
        "delivered": -7,
        "carrier": "UPS",
        "tracking_no": f"1Z999CK{number:011d}",
        "lines": [BOOK],
        "charges": [paid],
    }
    return {"id": CUSTOMER.format(number), "name": f"Customer {number}", "orders": [order]}
