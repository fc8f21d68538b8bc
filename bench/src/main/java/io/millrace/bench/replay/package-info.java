/**
 * {@code millrace replay}: sends a recorded workload through the running pipeline and reports what became of it.
 *
 * <p>Reading order: {@link io.millrace.bench.replay.Replay} sends arrivals and departures in the order of the trace's
 * clock, {@link io.millrace.bench.replay.Timeline} says when, {@link io.millrace.bench.replay.ReplayBook} keeps what is
 * known of each job, {@link io.millrace.bench.replay.ReplayReport} is what is told at the end.
 */
@NullMarked
package io.millrace.bench.replay;

import org.jspecify.annotations.NullMarked;
