/**
 * What replay and pipeline bench share: send records at a rate that does not depend on the answers, read what was
 * committed, and know how long each took.
 *
 * <p>Latency counts from the moment at which a record <em>should</em> have been sent. A sender that falls behind must not
 * hide the wait of those it sends late ("coordinated omission"); so every record carries its intended time, and the
 * sender's own lateness is part of the figure.
 *
 * <p>Threads: one sender, one {@link io.millrace.bench.load.TopicReader} per topic read; what both touch says that it is
 * thread-safe.
 */
@NullMarked
package io.millrace.bench.load;

import org.jspecify.annotations.NullMarked;
