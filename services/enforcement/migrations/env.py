from services.enforcement.tables import metadata
from shared.migrations_env import run

run(metadata)
