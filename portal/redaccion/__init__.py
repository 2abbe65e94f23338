"""The editorial desk: what helps people to write, check, compare and publish without fear."""
