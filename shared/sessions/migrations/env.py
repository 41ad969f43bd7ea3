from sqlalchemy import MetaData

from shared.db.migrations import run

run(MetaData())
