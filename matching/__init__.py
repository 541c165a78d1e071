"""The matching engine: a pure order book and engine, and the process that feeds it from Kafka."""
