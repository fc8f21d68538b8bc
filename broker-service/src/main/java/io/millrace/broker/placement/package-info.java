/**
 * Who gets what where, inside one market. {@link io.millrace.broker.placement.Supply} knows what every node sells and
 * what of it is taken; a {@link io.millrace.broker.placement.PlacementPolicy} reads it and answers a {@link
 * io.millrace.broker.placement.Demand} with grants, or with the reason why nothing fits.
 *
 * <p>Nodes of one pool are alike in everything but what is free; they share a {@link
 * io.millrace.broker.placement.Shelf}, so that filters by kind, model and price cost one comparison a pool.
 *
 * <p>Pure: no clock, no randomness, no hash order reaches a result; ties go to the smaller node id. Not thread-safe: a
 * market has a single writer.
 */
@NullMarked
package io.millrace.broker.placement;

import org.jspecify.annotations.NullMarked;
