"""The gateway's sockets: what is published, who wants it, and each client's way out."""
