#!/usr/bin/env python3
"""Reports this machine to Millrace as a node of a centre: topic telemetry.reports, Avro, schema from the registry.

Debian: apt-get install python3-confluent-kafka python3-avro python3-requests
Others: pip install confluent-kafka[schema-registry] avro requests

    report_node.py --centre my-centre --pool cpu --node node-1
    report_node.py --centre my-centre --pool gpu --node node-2 --devices 8 --count 3
"""
import argparse
import io
import os
import struct
import sys
import time
from datetime import datetime, timezone

import avro.io
import avro.schema
from confluent_kafka import Producer
from confluent_kafka.schema_registry import SchemaRegistryClient

TOPIC = "telemetry.reports"
# The port of the registry is one of `millrace up`; the path is that of Apicurio's Confluent-compatible interface.
REGISTRY = "http://127.0.0.1:8081/apis/ccompat/v7"


class Encoder:
    """Records of one topic in the registry's wire format: a zero byte, the schema's id in four bytes, Avro's binary."""

    def __init__(self, registry_url, topic):
        # By name, not "register what I have": the contract belongs to Millrace, producers follow it.
        registered = SchemaRegistryClient({"url": registry_url}).get_latest_version(topic + "-value")
        self.header = struct.pack(">bI", 0, registered.schema_id)
        self.writer = avro.io.DatumWriter(avro.schema.parse(registered.schema.schema_str))

    def __call__(self, record):
        out = io.BytesIO(self.header)
        out.seek(len(self.header))
        self.writer.write(record, avro.io.BinaryEncoder(out))
        return out.getvalue()


def memory_mib():
    """Total and used memory of this machine, in MiB."""
    with open("/proc/meminfo", encoding="ascii") as lines:
        kib = {name: int(value.split()[0]) for name, value in (line.split(":", 1) for line in lines)}
    return kib["MemTotal"] // 1024, (kib["MemTotal"] - kib["MemAvailable"]) // 1024


def measure(args):
    """What this machine says of itself now: field by field what schemas/src/main/avro/telemetry.avdl asks for."""
    now = datetime.now(timezone.utc)
    cores = os.cpu_count()
    memory_total, memory_used = memory_mib()
    # What runs here and was not placed by Millrace is "used outside", and is not sold. On a node that does Millrace's work
    # as well, leave that work out of the figure, or it is subtracted twice.
    busy_cores = min(os.getloadavg()[0], cores)
    return {
        "nodeId": f"{args.centre}/{args.node}",
        "centreId": args.centre,
        "poolId": args.pool,
        "observedAtMillis": now,
        # Must grow with every report, also across restarts of this program.
        "sequence": int(now.timestamp() * 1000),
        "intervalSeconds": args.interval,
        "draining": False,
        "cpuTotalMillicores": cores * 1000,
        "cpuUsedOutsideMillicores": int(busy_cores * 1000),
        "memoryTotalMib": memory_total,
        "memoryUsedOutsideMib": memory_used,
        # As many as the pool's devicesPerNode says, in a stable order; a broken one stays in the list as FAILED.
        "devices": [
            {"health": "HEALTHY", "usedOutsideMilli": 0, "busyPermille": None, "temperatureCelsius": None}
            for _ in range(args.devices)
        ],
        "powerWatts": None,
    }


def main():
    parser = argparse.ArgumentParser(description="Reports this machine to Millrace as a node of a centre.")
    parser.add_argument("--centre", required=True, help="id of the centre, as in its profile")
    parser.add_argument("--pool", required=True, help="id of the pool, as in the centre's profile")
    parser.add_argument("--node", required=True, help="name of the node, stable for its life")
    parser.add_argument("--devices", type=int, default=0, help="accelerators of the node (default: 0)")
    parser.add_argument("--interval", type=int, default=10, help="seconds between reports (default: 10)")
    parser.add_argument("--count", type=int, default=0, help="end after so many reports (default: never)")
    parser.add_argument("--bootstrap", default="127.0.0.1:9092", help="Kafka (default: %(default)s)")
    parser.add_argument("--registry", default=REGISTRY, help="schema registry (default: %(default)s)")
    args = parser.parse_args()

    encode = Encoder(args.registry, TOPIC)
    producer = Producer({
        "bootstrap.servers": args.bootstrap,
        # All reports of a node must reach one partition, whoever sends them. librdkafka's own default differs from Java's.
        "partitioner": "murmur2_random",
        "enable.idempotence": True,
        "compression.type": "lz4",
    })

    failed = []

    def delivered(error, message):
        if error is not None:
            failed.append(error)
            print(f"not delivered: {error}", file=sys.stderr)
        else:
            print(f"{message.topic()}-{message.partition()}@{message.offset()} {message.key().decode()}")

    sent = 0
    while args.count == 0 or sent < args.count:
        if sent > 0:
            time.sleep(args.interval)
        report = measure(args)
        producer.produce(TOPIC, key=report["nodeId"], value=encode(report), on_delivery=delivered)
        producer.flush(args.interval)
        sent += 1
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
