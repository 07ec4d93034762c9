"""The standard variables this library must know before it calls the SDK."""

from pydantic_settings import BaseSettings, SettingsConfigDict


class TelemetrySettings(BaseSettings):
    """Exporters by signal; unset means none, so that a bare start never calls out."""

    model_config = SettingsConfigDict(env_prefix="OTEL_", frozen=True)

    traces_exporter: str = "none"
    metrics_exporter: str = "none"
    logs_exporter: str = "none"
    sdk_disabled: bool = False

    @property
    def exports(self) -> bool:
        """Whether anything is exported at all."""
        exporters = {self.traces_exporter, self.metrics_exporter, self.logs_exporter}
        return not self.sdk_disabled and exporters != {"none"}
