"""The reference of accepting a complaint: bare FastAPI, two inserts in a transaction."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import asyncpg
from fastapi import FastAPI
from pydantic import BaseModel


class Complaint(BaseModel):
    categorie: str
    omschrijving: str
    kanaal: str
    plaatsomschrijving: str
    signaaltijdstip: str | None = None


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    pool = await asyncpg.create_pool(os.environ["BARE_URL"], min_size=1, max_size=8)
    await pool.execute(
        "CREATE TABLE IF NOT EXISTS complaint (id uuid PRIMARY KEY, body jsonb NOT NULL);"
        "CREATE TABLE IF NOT EXISTS event (id uuid PRIMARY KEY, payload bytea NOT NULL)"
    )
    app.state.pool = pool
    yield
    await pool.close()


app = FastAPI(lifespan=lifespan)


@app.post("/klachten", status_code=201)
async def receive(body: Complaint) -> dict[str, UUID]:
    identity = uuid4()
    text = body.model_dump_json()
    async with app.state.pool.acquire() as connection, connection.transaction():
        await connection.execute("INSERT INTO complaint VALUES ($1, $2)", identity, text)
        await connection.execute("INSERT INTO event VALUES ($1, $2)", uuid4(), text.encode())
    return {"id": identity}
