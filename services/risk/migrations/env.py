from services.risk.tables import metadata
from shared.db.migrations import run

run(metadata)
