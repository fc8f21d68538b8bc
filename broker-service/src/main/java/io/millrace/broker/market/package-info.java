/** Pure: one market's state, its commands and its events. */
@NullMarked
package io.millrace.broker.market;

import org.jspecify.annotations.NullMarked;
