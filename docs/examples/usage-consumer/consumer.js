// Reads allocation.decisions and usage.records of Millrace and adds up what each account owes.
//
//   npm install
//   node consumer.js [--from-beginning] [--limit N]
//
// KAFKA (127.0.0.1:9092) and REGISTRY (http://127.0.0.1:8081/apis/ccompat/v7) say where Millrace is.
import kafkajs from "kafkajs";
import { SchemaRegistry } from "@kafkajs/confluent-schema-registry";
import lz4 from "lz4js";

const { Kafka, CompressionTypes, CompressionCodecs, logLevel } = kafkajs;

// Millrace compresses with lz4, which kafkajs knows only if it is told how.
CompressionCodecs[CompressionTypes.LZ4] = () => ({
  compress: async ({ buffer }) => Buffer.from(lz4.compress(buffer)),
  decompress: async (buffer) => Buffer.from(lz4.decompress(buffer)),
});

const option = (name) => process.argv.indexOf(name);
const fromBeginning = option("--from-beginning") > 0;
const limit = option("--limit") > 0 ? Number(process.argv[option("--limit") + 1]) : Infinity;

const kafka = new Kafka({
  clientId: "usage-consumer",
  brokers: (process.env.KAFKA ?? "127.0.0.1:9092").split(","),
  logLevel: logLevel.ERROR,
});
const registry = new SchemaRegistry({ host: process.env.REGISTRY ?? "http://127.0.0.1:8081/apis/ccompat/v7" });
// Without readUncommitted: what a crash rolled back is never seen here.
const consumer = kafka.consumer({ groupId: process.env.GROUP ?? `usage-consumer-${process.pid}` });

// In memory here; a real biller keeps both in the transaction that books the record.
const seen = new Set();
const owedMicroCny = new Map();

const header = (message, name) => message.headers[name]?.toString();
const time = (millis) => (millis == null ? "-" : new Date(Number(millis)).toISOString());
const cny = (micro) => (Number(micro) / 1e6).toFixed(6);

function onDecision(decision) {
  const nodes = decision.grants.map((grant) => grant.nodeId).join(" ");
  console.log(
    `${time(decision.decidedAtMillis)} decision ${decision.decisionId} ${decision.requestId} ` +
      `${decision.outcome} ${decision.reason === "NONE" ? nodes : decision.reason}`,
  );
}

function onUsage(usage) {
  owedMicroCny.set(usage.accountId, (owedMicroCny.get(usage.accountId) ?? 0n) + BigInt(usage.amountMicroCny));
  console.log(
    `${time(usage.toMillis)} usage    ${usage.usageId} ${(usage.toMillis - usage.fromMillis) / 1000} s × ` +
      `${usage.milliDevices / 1000} ${usage.model || "CPU"} = ${cny(usage.amountMicroCny)} CNY` +
      `${usage.last ? ", the last" : ""}; ${usage.accountId} owes ${cny(owedMicroCny.get(usage.accountId))} CNY`,
  );
}

const handlers = { "allocation.decisions": onDecision, "usage.records": onUsage };
let read = 0;
let stopping;
const stop = () => (stopping ??= consumer.disconnect().then(() => process.exit(0)));

await consumer.connect();
await consumer.subscribe({ topics: Object.keys(handlers), fromBeginning });
await consumer.run({
  eachMessage: async ({ topic, message }) => {
    if (read >= limit) return;
    // The CloudEvents id is unique within its source, and the same in every repetition of the same fact.
    const id = `${header(message, "ce_source")} ${header(message, "ce_id")}`;
    if (seen.has(id)) return;
    seen.add(id);
    handlers[topic](await registry.decode(message.value));
    read += 1;
    if (read >= limit) stop();
  },
});
process.on("SIGINT", stop);
process.on("SIGTERM", stop);
