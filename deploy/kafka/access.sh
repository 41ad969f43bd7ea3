#!/usr/bin/env bash
# What each user of Kafka may do; repeating it changes nothing. `admin` may do everything.
set -euo pipefail
services=(intake risk enforcement reporting)
cat >/tmp/admin.properties <<END
security.protocol=SASL_PLAINTEXT
sasl.mechanism=PLAIN
sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="admin" password="$ADMIN_PASSWORD";
END

allow() {
  KAFKA_HEAP_OPTS=-Xmx128M /opt/kafka/bin/kafka-acls.sh --bootstrap-server kafka:9092 \
    --command-config /tmp/admin.properties --add "$@" >/dev/null
}

# Everybody reads all events; the operator also sees how far each service is.
allow "${services[@]/#/--allow-principal=User:}" --allow-principal User:operator \
  --operation Read --topic vth. --resource-pattern-type prefixed
allow --allow-principal User:operator --operation Describe --group vth- --resource-pattern-type prefixed
# Who cannot handle an event of another service says so on the notices of that service.
allow "${services[@]/#/--allow-principal=User:}" --operation Write \
  --topic vth.intake.v1.dlq --topic vth.risk.v1.dlq \
  --topic vth.enforcement.v1.dlq --topic vth.reporting.v1.dlq
# A service alone publishes its own events, and moves its own place in those of others.
for service in "${services[@]}"; do
  allow --allow-principal "User:$service" --producer --topic "vth.$service.v1" \
    --consumer --group "vth-$service"
done
