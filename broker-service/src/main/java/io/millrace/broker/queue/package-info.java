/**
 * Who of those that wait is next. {@link io.millrace.broker.queue.Queue} knows who waits and what runs; asked {@link
 * io.millrace.broker.queue.Queue#next}, it names who may start now and where, or who is to be given notice, one step at a
 * time, until nothing more can be done. What it looks at again is what could have changed since it was last asked.
 *
 * <p>Order: {@link io.millrace.broker.queue.Order}. Room that comes up is kept for the first in that order ({@link
 * io.millrace.broker.queue.Reservation}); others pass it only where they cannot delay it.
 *
 * <p>Pure: no clock, no randomness, no hash order reaches a result. Not thread-safe: a market has a single writer.
 */
@NullMarked
package io.millrace.broker.queue;

import org.jspecify.annotations.NullMarked;
