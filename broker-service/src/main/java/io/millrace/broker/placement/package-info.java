/** Pure: which node serves a request. */
@NullMarked
package io.millrace.broker.placement;

import org.jspecify.annotations.NullMarked;
