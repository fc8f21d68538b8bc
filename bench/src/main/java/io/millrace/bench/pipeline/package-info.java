/**
 * {@code millrace bench pipeline}: what the pipeline does with two cores, as a ratio to what the bare engine does with them
 * on the same broker in the same run.
 *
 * <p>A {@link io.millrace.bench.pipeline.Stage} takes records in and puts answers out: {@link
 * io.millrace.bench.pipeline.BareStage} is Kafka Streams with one store and no work, {@link
 * io.millrace.bench.pipeline.DecisionStage} is broker-service, {@link io.millrace.bench.pipeline.ReportStage} is
 * telemetry-ingest. {@link io.millrace.bench.pipeline.Load} drives any of them, {@link
 * io.millrace.bench.pipeline.PipelineBench} says in which order.
 */
@NullMarked
package io.millrace.bench.pipeline;

import org.jspecify.annotations.NullMarked;
