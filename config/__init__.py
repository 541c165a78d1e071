"""Settings, logging and the list of markets: read once at a process's edge, then passed down."""
