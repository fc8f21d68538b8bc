/**
 * What device models can do, and which of them meet a need. The {@link io.millrace.broker.catalogue.Catalogue} knows every
 * model's precision vector, memory and year, and what workloads really get of the peaks; it turns a {@link
 * io.millrace.broker.catalogue.Need} ("20 PFLOPS at BF16", "FP64", "INT8 inference, any chip") into the {@link
 * io.millrace.broker.placement.Alternative alternatives} that markets place.
 *
 * <p>A need is resolved once, where a request is sent to a market, and the answer travels with the request: markets decide
 * on model names only, and a log replays whatever the catalogue says later.
 *
 * <p>Pure: figures are integers, 10^9 operations per second; ties go by name.
 */
@NullMarked
package io.millrace.broker.catalogue;

import org.jspecify.annotations.NullMarked;
