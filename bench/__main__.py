"""All benchmarks, one after the other."""

import asyncio

from bench import orders

asyncio.run(orders.main())
