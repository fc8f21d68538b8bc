/**
 * Millrace on one machine: the command {@code millrace}, and the platform that it starts.
 *
 * <p>{@link io.millrace.local.Platform} is the whole of it as a library: {@link io.millrace.local.EmbeddedKafka a Kafka
 * broker} in this process, {@link io.millrace.local.SchemaRegistryProcess a schema registry} as a child process, and both
 * services in this process, each behind its own port on the loopback address. {@link io.millrace.local.Millrace} is the
 * command around it; other modules add commands of their own by {@link io.millrace.local.Subcommand}.
 *
 * <p>Everything that is kept between runs lies in one {@link io.millrace.local.DataFolder folder}.
 */
@NullMarked
package io.millrace.local;

import org.jspecify.annotations.NullMarked;
