"""HTTP in front of Kafka for web chat."""
