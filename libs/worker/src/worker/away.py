"""What says that Postgres is away: repositories make `Unavailable` of it."""

import asyncpg

AWAY = (
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.TransactionRollbackError,
    asyncpg.InvalidTransactionStateError,
    asyncpg.ObjectNotInPrerequisiteStateError,
    asyncpg.PostgresSystemError,
    asyncpg.InternalServerError,
    asyncpg.InterfaceError,
    OSError,
    TimeoutError,
)
"""Away, starting, stopping, full, slow, failing over (read-only), at odds with another statement.

Left out are errors of the statement itself (classes 22, 23, 42) and of rights (28, 42): bugs.
"""
