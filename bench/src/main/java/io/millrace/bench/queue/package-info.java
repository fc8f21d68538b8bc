/** {@code millrace bench queue}: who waits how long, by the discipline of the queue. */
@NullMarked
package io.millrace.bench.queue;

import org.jspecify.annotations.NullMarked;
