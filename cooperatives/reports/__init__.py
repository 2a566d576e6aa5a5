"""What is put together for somebody to take away: read only."""
