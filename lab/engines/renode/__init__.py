"""The engine that runs on the Renode of this machine."""
