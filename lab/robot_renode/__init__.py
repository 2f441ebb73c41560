"""Suites written for `renode-test`, run on the built-in engine: its keywords, and what puts them into a suite."""
