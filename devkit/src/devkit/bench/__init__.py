"""`tierwise bench`: latency beside a bare relay's, throughput, CPU a turn, the classifier alone."""

from devkit.bench.command import app

__all__ = ["app"]
