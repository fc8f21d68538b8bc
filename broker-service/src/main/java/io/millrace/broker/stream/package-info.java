/**
 * The core in Kafka Streams: four sub-topologies, each decoding, deciding by the pure packages, applying, forwarding, and
 * nothing else.
 *
 * <pre>
 * capacity.nodes ─▶ supply-intake ─┐
 *                                  ├▶ market.commands ─▶ market ─┬▶ market.events ─▶ settlement ─▶ usage.records
 * compute.requests ─▶ intake ──────┘        ▲                    │                             └▶ billing.entries
 *        ▲                                  └── clock ───────────┼▶ allocation.decisions
 *        └────────────── market.notices ◀────────────────────────┴▶ market.capacity ─▶ (intake, all instances)
 * </pre>
 *
 * <p>Ordering: one task writes all that happens to one request (partition of compute.requests) and one all that happens
 * in one market (partition of market.commands). Everything runs exactly once: a crash repeats nothing that anyone saw.
 *
 * <p>Sources read bytes and decode in the processor, so that nothing unreadable can stop a stream: it goes to
 * compute.rejected as it came. Codecs between Avro and the pure records are named after the pure record.
 */
@NullMarked
package io.millrace.broker.stream;

import org.jspecify.annotations.NullMarked;
