"""Bytes on Kafka: the only place that imports aiokafka."""
