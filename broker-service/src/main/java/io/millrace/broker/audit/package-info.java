/**
 * Deciding again what was decided: the audit of a market's log, and what would have been decided under other rules.
 *
 * <p>A {@link io.millrace.broker.audit.Recording} is what was written down of one market: snapshots, commands, events.
 * {@link io.millrace.broker.audit.Audit} carries out the commands again, from a snapshot on, and holds every event and the
 * state at every later snapshot against the record. {@link io.millrace.broker.audit.WhatIf} carries them out under other
 * rules and counts what came of it.
 *
 * <p>The rules are those that the snapshots record, never those of whoever asks. Reads Kafka and writes nothing there.
 */
@NullMarked
package io.millrace.broker.audit;

import org.jspecify.annotations.NullMarked;
