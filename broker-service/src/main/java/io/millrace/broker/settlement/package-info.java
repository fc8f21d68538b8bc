/**
 * What was used and what it costs: a pure fold over the events of a market. No clock: hours close by an event, and an
 * allocation ends at the time that its event names, so the same log gives the same usage and the same entries, with the
 * same ids.
 */
@NullMarked
package io.millrace.broker.settlement;

import org.jspecify.annotations.NullMarked;
