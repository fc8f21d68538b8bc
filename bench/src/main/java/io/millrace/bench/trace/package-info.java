/**
 * Recorded workloads as files: the nodes of a cluster and the jobs that were sent to it.
 *
 * <p>{@link io.millrace.bench.trace.OpenbReader} reads the CSV of Alibaba's openb trace,
 * {@link io.millrace.bench.trace.SwfReader} the Standard Workload Format of the Parallel Workloads Archive; both give a
 * {@link io.millrace.bench.trace.Trace}, which knows nothing of where it came from. What a file does not say is not made
 * up: a row that cannot be read ends the reading with an error that names file and line.
 */
@NullMarked
package io.millrace.bench.trace;

import org.jspecify.annotations.NullMarked;
