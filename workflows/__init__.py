"""The sagas. Each file reads like the story it tells."""
