"""PostgreSQL for the services that keep something: connections, migrations, readiness."""
