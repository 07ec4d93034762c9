"""The internal API over Postgres: order tracking and billing."""
