"""The tierwise command: embedded stack, load, faults, bench, training."""
