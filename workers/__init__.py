"""One module per process: settings, connections, services, run."""
