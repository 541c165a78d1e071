"""All benchmarks, one after the other."""

import asyncio

from bench import kafka, orders

asyncio.run(orders.main())
asyncio.run(kafka.main())
