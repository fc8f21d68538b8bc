/** JMH benchmarks of the core, without Kafka: what {@code millrace bench core} measures, with forks and error bars. */
@NullMarked
package io.millrace.bench.micro;

import org.jspecify.annotations.NullMarked;
