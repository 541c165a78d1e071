"""Everything that crosses a process: messages, amounts, instruments, names of places."""
