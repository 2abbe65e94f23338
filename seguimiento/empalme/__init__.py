"""The handover between two administrations: its process, its document and how it is signed and read."""
