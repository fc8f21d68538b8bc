#!/usr/bin/env python3
"""Prints the records of a topic of Millrace as JSON lines: Avro decoded, key, headers and position with them.

    read_topic.py usage.records                                     from the beginning, then what comes
    read_topic.py telemetry.rejected --key my-centre/node-1 --end   only this key, up to the end of the topic
    read_topic.py allocation.decisions --new --limit 5              only what comes from now on

Debian: apt-get install python3-confluent-kafka python3-avro python3-requests
"""
import argparse
import io
import json
import struct
import sys
import uuid
import warnings
from datetime import datetime

import avro.errors
import avro.io
import avro.schema
from confluent_kafka import Consumer, KafkaError, KafkaException
from confluent_kafka.schema_registry import SchemaRegistryClient

# The unit of amounts, "micro-cny", is a logical type that avro does not know: they are plain integers.
warnings.simplefilter("ignore", avro.errors.IgnoredLogicalType)

REGISTRY = "http://127.0.0.1:8081/apis/ccompat/v7"


class Decoder:
    """Reads the registry's wire format with the schema that each record was written with."""

    def __init__(self, registry_url):
        self.registry = SchemaRegistryClient({"url": registry_url})
        self.readers = {}

    def __call__(self, value):
        magic, schema_id = struct.unpack(">bI", value[:5])
        if magic != 0:
            raise ValueError(f"not in the registry's wire format: begins with {magic}")
        if schema_id not in self.readers:
            schema = avro.schema.parse(self.registry.get_schema(schema_id).schema_str)
            self.readers[schema_id] = avro.io.DatumReader(schema)
        return self.readers[schema_id].read(avro.io.BinaryDecoder(io.BytesIO(value[5:])))


def plain(value):
    """For JSON: times as ISO 8601; bytes as text, where they are text."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="backslashreplace")
    raise TypeError(f"{type(value)} is not expected here")


def show(message, decode):
    line = {
        "at": f"{message.topic()}-{message.partition()}@{message.offset()}",
        "key": None if message.key() is None else message.key().decode("utf-8", errors="backslashreplace"),
    }
    if message.headers():
        line["headers"] = {name: None if value is None else value.decode() for name, value in message.headers()}
    line["value"] = None if message.value() is None else decode(message.value())
    print(json.dumps(line, default=plain, ensure_ascii=False), flush=True)


def main():
    parser = argparse.ArgumentParser(description="Prints the records of a topic of Millrace as JSON lines.")
    parser.add_argument("topic")
    parser.add_argument("--key", help="only records with this key")
    parser.add_argument("--new", action="store_true", help="only what comes from now on")
    parser.add_argument("--end", action="store_true", help="end at the end of the topic")
    parser.add_argument("--limit", type=int, default=0, help="end after so many records")
    parser.add_argument("--bootstrap", default="127.0.0.1:9092", help="Kafka (default: %(default)s)")
    parser.add_argument("--registry", default=REGISTRY, help="schema registry (default: %(default)s)")
    args = parser.parse_args()

    decode = Decoder(args.registry)
    # Reads committed records only: librdkafka's default.
    consumer = Consumer({
        "bootstrap.servers": args.bootstrap,
        "group.id": f"read-topic-{uuid.uuid4()}",
        "auto.offset.reset": "latest" if args.new else "earliest",
        "enable.auto.commit": False,
        "enable.partition.eof": True,
    })
    assigned, ended, shown = set(), set(), 0
    consumer.subscribe([args.topic], on_assign=lambda _, parts: assigned.update(p.partition for p in parts))
    try:
        while not (args.end and assigned and ended >= assigned):
            message = consumer.poll(1.0)
            if message is None:
                continue
            if message.error():
                if message.error().code() == KafkaError._PARTITION_EOF:
                    ended.add(message.partition())
                    continue
                raise KafkaException(message.error())
            ended.discard(message.partition())
            if args.key is None or message.key() == args.key.encode():
                show(message, decode)
                shown += 1
                if shown == args.limit:
                    break
    except (KeyboardInterrupt, BrokenPipeError):
        pass
    finally:
        consumer.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
