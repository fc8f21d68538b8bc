/** Pure: which market a request is sent to, and why. */
@NullMarked
package io.millrace.broker.routing;

import org.jspecify.annotations.NullMarked;
