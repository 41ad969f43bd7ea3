"""The example data as export files of a made-up former system, ready for the import."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from deploy.demo.hours import lines
from deploy.demo.world import Place, Report, Visit, World

Row = Sequence[object]
# The name of the made-up system.
SOURCE = "voorbeeld"


def write(folder: Path, kind: str, headers: Sequence[str], rows: Iterable[Row]) -> Path:
    """A file as such systems write it: semicolons, Windows-1252."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{kind}.csv"
    with path.open("w", encoding="windows-1252", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(headers)
        writer.writerows(rows)
    return path


def mapping(folder: Path, kind: str, headers: Sequence[str]) -> Path:
    """How the file is to be read: the columns have the names of the fields."""
    path = folder / f"{kind}.toml"
    columns = "\n".join(f'{name} = "{name}"' for name in headers)
    path.write_text(
        f'bron = "{SOURCE}"\ntekenset = "windows-1252"\ngetallen = "nl"\ndatums = "dd-mm-jjjj"\n'
        f"[kolommen]\n{columns}\n",
        "utf-8",
    )
    return path


def day(value: date | None) -> str:
    """A day as a Dutch export writes it."""
    return f"{value:%d-%m-%Y}" if value else ""


LOCATIONS = (
    *("source_key", "name", "participant", "lon", "lat", "street", "house_number"),
    *("postcode", "city", "activities"),
)


def location_rows(places: Iterable[Place]) -> Iterator[Row]:
    """Locations."""
    for place in places:
        yield (
            *(
                place.key,
                place.name,
                place.participant,
                f"{place.lon:.6f}",
                f"{place.lat:.6f}",
                place.street,
            ),
            *(place.house_number, place.postcode, place.city, ",".join(place.kind.activities)),
        )


COMPLAINTS = (
    *("source_key", "received_at", "category", "description", "channel", "longitude"),
    *("latitude", "street", "house_number", "postcode", "city", "participant"),
    *("location_number", "incident_key", "outcome", "cause", "explanation"),
    *("first_contact_at", "assessed_at", "closed_at"),
)


# What came in so lately is not linked yet: an officer chooses the location.
FRESH = timedelta(days=2)
NEXT_DOOR = 0.0008


def complaint_rows(
    reports: Iterable[Report], numbers: Mapping[str, str], today: date
) -> Iterator[Row]:
    """Complaints; `numbers` gives the location number of a place."""
    for report in reports:
        place, answered = report.place, day(report.answered)
        fresh = not answered and report.received >= today - FRESH
        received = f"{day(report.received)} {8 + report.minute // 60:02d}:{report.minute % 60:02d}"
        answer = (report.outcome, report.cause, "Voorbeeldgegevens") if answered else ("", "", "")
        # The neighbours notice it at their own address.
        house = str(int(place.house_number) + 2) if fresh else place.house_number
        aside = NEXT_DOOR if fresh else 0.0
        yield (
            *(report.key, received, place.kind.nuisance),
            f"Voorbeeld: overlast bij {place.kind.name.lower()}",
            *(report.channel, f"{place.lon + aside:.6f}", f"{place.lat + aside:.6f}"),
            *(place.street, house, place.postcode, place.city, place.participant),
            *("" if fresh else numbers[place.key], report.incident, *answer),
            *([f"{answered} 23:00"] * 3 if answered else ["", "", ""]),
        )


INSPECTIONS = (
    *("source_key", "location_number", "kind", "completed_on", "nature", "consequence"),
    *("behaviour", "instrument", "imposed_on", "amount", "resolved_on"),
)


def inspection_rows(visits: Iterable[Visit], numbers: Mapping[str, str]) -> Iterator[Row]:
    """Inspections, with the violation and the measure that followed."""
    for visit in visits:
        yield (
            *(visit.key, numbers[visit.place.key], visit.kind, day(visit.on)),
            *(visit.nature or "", visit.consequence or "", visit.behaviour or ""),
            *(visit.instrument or "", day(visit.measure_on)),
            *(f"{visit.amount},00" if visit.amount else "", day(visit.resolved)),
        )


HOURS = ("source_key", "employee", "work_date", "product", "participant", "hours")


def hour_rows(world: World, today: date) -> Iterator[Row]:
    """Hours, in quarters with a decimal comma."""
    for line in lines(world, today):
        written = f"{line.minutes / 60:.2f}".replace(".", ",")
        yield (
            *(line.key, line.employee, day(line.on), line.product),
            *(line.participant or "", written),
        )
