"""The engine that runs on the Renode of this machine, driven over its console on a pipe."""
