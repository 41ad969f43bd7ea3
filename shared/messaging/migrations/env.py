from sqlalchemy import MetaData

from shared.migrations_env import run

run(MetaData())
