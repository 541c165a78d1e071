"""All benchmarks, one after the other."""

import asyncio

from bench import kafka, orders, rebuild, streams

asyncio.run(orders.main())
asyncio.run(kafka.main())
asyncio.run(streams.main())
asyncio.run(rebuild.main())
