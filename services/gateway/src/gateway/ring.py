"""Which replica serves which session: replica k of N reads the partitions p ≡ k modulo N."""

from dataclasses import dataclass

from events.partition import partition_of


@dataclass(frozen=True)
class Ring:
    """The division of the egress partitions. Raises ValueError for a replica without any."""

    partitions: int
    replica: int = 0
    replicas: int = 1

    def __post_init__(self) -> None:
        if self.replica >= self.replicas:
            raise ValueError(
                f"replica {self.replica} is not one of {self.replicas}: they count from 0; "
                "TIERWISE_PEERS lists the base URL of each"
            )
        if self.replicas > self.partitions:
            raise ValueError(
                f"{self.replicas} replicas for {self.partitions} partitions leave some without "
                "work: run as many as there are partitions at most"
            )

    def partition(self, session_id: str) -> int:
        """The partition a session's replies arrive in."""
        return partition_of(session_id.encode(), self.partitions)

    def owner(self, session_id: str) -> int:
        """The replica that reads this session's replies."""
        return self.partition(session_id) % self.replicas

    @property
    def mine(self) -> tuple[int, ...]:
        """The partitions this replica reads."""
        return tuple(range(self.replica, self.partitions, self.replicas))
