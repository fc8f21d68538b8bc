/**
 * The core in Kafka Streams: three sub-topologies, each decoding, deciding by the pure packages, applying, forwarding, and
 * nothing else.
 *
 * <pre>
 * capacity.nodes ─▶ supply-intake ─┐                      ┌▶ market.events, market.snapshots
 *                                  ├▶ market.commands ─▶ market ─▶ allocation.decisions, usage.records, billing.entries
 * compute.requests ─▶ intake ──────┘        ▲             │ │ │
 *        ▲                                  └── clock ────┘ │ └▶ market.capacity ─▶ (intake, on all instances)
 *        └───────── notice-intake ◀── market.notices ◀──────┘
 * </pre>
 *
 * <p>Settlement is a fold over the events and stands beside the market that puts them out: in one transaction with them,
 * and without a store of its own, because what runs and how far it is metered follows from the market's state.
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
