from services.enforcement.tables import metadata
from shared.db.migrations import run

run(metadata)
