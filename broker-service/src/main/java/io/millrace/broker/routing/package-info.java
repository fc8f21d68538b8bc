/**
 * Which market a request goes to. Hard limits filter, soft terms score, and every term's contribution is kept for the
 * decision. Pure: what it does not know (what markets have free) it is given.
 */
@NullMarked
package io.millrace.broker.routing;

import org.jspecify.annotations.NullMarked;
