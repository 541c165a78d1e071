"""The gateway through HTTP, with fakes for its partners."""
