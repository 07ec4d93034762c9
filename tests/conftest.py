"""What all tests share: a busy machine is no failure of a property."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "busy", parent=settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("busy")
