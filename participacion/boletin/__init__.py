"""The bulletin of the week: what it tells, how it is decided and how it is sent."""
