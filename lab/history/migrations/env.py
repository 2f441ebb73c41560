"""Alembic runs this to migrate. The connection is the caller's, in whose transaction all happens or nothing."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
context.run_migrations()
