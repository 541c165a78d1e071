"""Who may trade: users, passwords, tokens and API keys."""
