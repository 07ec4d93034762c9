"""The internal API over Postgres: order tracking, billing and returns."""
