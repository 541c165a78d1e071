"""The technologies, one file each: bounded, and without a business word."""
