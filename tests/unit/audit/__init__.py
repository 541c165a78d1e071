"""From messages to lines of the trail."""
