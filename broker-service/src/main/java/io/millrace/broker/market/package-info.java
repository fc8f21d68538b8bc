/**
 * The heart: one market, one pure function over its log of commands.
 *
 * <p>{@link io.millrace.broker.market.Market} reads the {@link io.millrace.broker.market.MarketState} and answers a
 * {@link io.millrace.broker.market.Command} with {@link io.millrace.broker.market.Event}s; {@code MarketState.apply} is
 * the only thing that changes the state. The same commands give the same events and the same state hash, from the
 * beginning or from any snapshot.
 *
 * <p>Time: every command carries one, a market's time never goes back, and whatever falls due (terms, waits, full
 * hours) is settled, in the order of its time, before the command that shows that it is due.
 *
 * <p>Pure: no clock, no randomness, no hash order reaches an event. A market has a single writer and is not
 * thread-safe.
 */
@NullMarked
package io.millrace.broker.market;

import org.jspecify.annotations.NullMarked;
