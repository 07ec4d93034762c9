"""Books every finished turn once; cost, latency and tier mix live."""
