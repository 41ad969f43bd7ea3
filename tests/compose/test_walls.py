"""What a part of the installation cannot do: reach what it does not need, or act as another."""

import pytest

from shared.settings import SERVICES
from tests.support.compose import OURS, Installation

RUNNING = (*OURS, "postgres", "kafka", "keycloak", "gateway")
REACHES = """
import socket, sys
try:
    socket.create_connection((sys.argv[1], int(sys.argv[2])), 3).close()
except OSError:
    print("closed")
else:
    print("open")
"""
WITHOUT_LOGIN = """
import asyncio
from aiokafka.admin import AIOKafkaAdminClient
async def main():
    admin = AIOKafkaAdminClient(bootstrap_servers="kafka:9092", request_timeout_ms=3000)
    await admin.start()
    print(await admin.list_topics())
asyncio.run(main())
"""
PUBLISH = """
import asyncio, sys
from aiokafka.errors import KafkaError
from shared.messaging.connect import kafka_config
from shared.messaging.kafka_clients import make_producer
from shared.settings import Settings
async def main():
    producer = make_producer(kafka_config(Settings(), "wall"))
    await producer.start()
    try:
        for topic in sys.argv[1:]:
            try:
                await producer.send_and_wait(topic, b"{}", partition=0)
                print(topic, "accepted")
            except KafkaError as error:
                print(topic, type(error).__name__)
    finally:
        await producer.stop()
asyncio.run(main())
"""
TAKE_THE_PLACE_OF = """
import asyncio, sys
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError
from shared.messaging.connect import kafka_config
from shared.settings import Settings
async def main():
    options = kafka_config(Settings(), "wall").options()
    consumer = AIOKafkaConsumer("vth.intake.v1", group_id=sys.argv[1], **options)
    try:
        await asyncio.wait_for(consumer.start(), 20)
        await asyncio.wait_for(consumer.getmany(timeout_ms=1000), 20)
        print("member")
    except KafkaError as error:
        print(type(error).__name__)
    finally:
        await consumer.stop()
asyncio.run(main())
"""


@pytest.mark.parametrize("service", RUNNING)
def test_a_container_is_no_root_and_writes_only_its_volumes(
    installation: Installation, service: str
) -> None:
    found = installation.inspect(service)
    host = found["HostConfig"]
    assert host["ReadonlyRootfs"]
    assert host["CapDrop"] == ["ALL"]
    assert not host["CapAdd"]
    assert host["SecurityOpt"] == ["no-new-privileges:true"]
    user = installation.compose("exec", "-T", service, "cat", "/proc/1/status")
    assert "\nUid:\t0\t" not in user


@pytest.mark.parametrize(
    ("service", "address", "found"),
    [
        ("gateway", "kafka:9092", "no"),
        ("gateway", "postgres:5432", "no"),
        ("gateway", "keycloak:8080", "open"),
        ("keycloak", "kafka:9092", "no"),
        ("keycloak", "postgres:5432", "open"),
        ("kafka", "postgres:5432", "no"),
        ("kafka", "keycloak:8080", "no"),
    ],
)
def test_who_needs_not_talk_to_another_cannot(
    installation: Installation, service: str, address: str, found: str
) -> None:
    host, port = address.split(":")
    look = f"timeout 5 bash -c 'exec 3<>/dev/tcp/{host}/{port}' 2>/dev/null && echo open || echo no"
    assert installation.compose("exec", "-T", service, "bash", "-c", look).strip() == found


@pytest.mark.parametrize("worker", [f"{name}-worker" for name in SERVICES])
def test_a_worker_reaches_neither_keycloak_nor_the_gateway(
    installation: Installation, worker: str
) -> None:
    for host, port in (("keycloak", "8080"), ("gateway", "8080")):
        found = installation.compose(
            "exec", "-T", worker, "python", "-c", REACHES, host, port
        ).strip()
        assert found == "closed", host


def test_kafka_asks_who_it_is(installation: Installation) -> None:
    with pytest.raises(RuntimeError, match=r"Kafka|Connection"):
        installation.python("risk", WITHOUT_LOGIN)


def test_a_wrong_password_is_refused(installation: Installation) -> None:
    with pytest.raises(RuntimeError, match="AuthenticationFailed"):
        installation.python("risk", PUBLISH, VTH_KAFKA_PASSWORD="guessed")


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_publishes_its_own_events_only(installation: Installation, service: str) -> None:
    others = [f"vth.{name}.v1" for name in SERVICES if name != service]
    printed = installation.compose("exec", "-T", service, "python", "-c", PUBLISH, *others)
    refused = {line.split()[1] for line in printed.splitlines()}
    assert len(printed.splitlines()) == len(others)
    assert refused == {"TopicAuthorizationFailedError"}


def test_a_service_cannot_take_the_place_of_another(installation: Installation) -> None:
    printed = installation.compose(
        "exec", "-T", "risk", "python", "-c", TAKE_THE_PLACE_OF, "vth-enforcement"
    )
    assert printed.strip() == "GroupAuthorizationFailedError"


def test_the_controller_of_kafka_serves_kafka_alone(installation: Installation) -> None:
    found = installation.compose(
        "exec", "-T", "risk-worker", "python", "-c", REACHES, "kafka", "9093"
    )
    assert found.strip() == "closed"


def test_a_service_cannot_open_the_database_of_another(installation: Installation) -> None:
    with pytest.raises(RuntimeError, match="vth_intake"):
        installation.compose("exec", "-T", "risk", "vth", "events", "parked", "intake")
