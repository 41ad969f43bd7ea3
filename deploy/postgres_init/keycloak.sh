#!/bin/sh
# The first time only: the database of Keycloak. `vth migrate` makes those of the services.
set -eu
psql --username postgres --set ON_ERROR_STOP=1 --set password="$KEYCLOAK_DATABASE_PASSWORD" <<'SQL'
CREATE ROLE keycloak LOGIN PASSWORD :'password';
CREATE DATABASE keycloak OWNER keycloak;
REVOKE CONNECT, TEMPORARY ON DATABASE keycloak FROM PUBLIC;
SQL
