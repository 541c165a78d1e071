"""Brings the local servers and processes up and down; the tests use it too."""
