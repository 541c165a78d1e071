"""The order management system: order rows, their statuses, and what clients may ask of them."""
