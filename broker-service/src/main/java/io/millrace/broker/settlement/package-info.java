/** Pure: a fold of a market's events into metered use. */
@NullMarked
package io.millrace.broker.settlement;

import org.jspecify.annotations.NullMarked;
