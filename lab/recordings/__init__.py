"""Recordings: reading them, finding them in folders, fetching them, and making synthetic ones."""
