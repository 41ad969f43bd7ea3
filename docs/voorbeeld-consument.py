"""Volg klachten en incidenten: met VTH_KAFKA van Kafka, anders van de ophaalfeed.

VTH_URL=http://127.0.0.1:8000 VTH_TOKEN=$(vth token enschede) python docs/voorbeeld-consument.py
"""

import asyncio
import os
from pathlib import Path

from shared.client import FeedReader, KafkaReader, typed

PLACE = Path(os.environ.get("VTH_PLACE", "volgende.txt"))


async def main() -> None:
    reader: FeedReader | KafkaReader
    if servers := os.environ.get("VTH_KAFKA"):
        reader = KafkaReader(servers, group="voorbeeld", services=["intake"])
    else:
        reader = FeedReader(os.environ["VTH_URL"], "intake", os.environ["VTH_TOKEN"])
    after = PLACE.read_text("utf-8") if PLACE.exists() else ""
    async for page in reader.follow(after):
        for event in page.events:
            print(event.id, event.type, event.participant, typed(event), flush=True)
        PLACE.write_text(page.cursor, "utf-8")  # pas nu: wat verwerkt is, komt niet opnieuw


if __name__ == "__main__":
    asyncio.run(main())
