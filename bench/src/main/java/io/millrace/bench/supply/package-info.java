/**
 * Turns nodes of a trace, real or made up, into what a data centre would register and report, and waits until the markets
 * offer it.
 */
@NullMarked
package io.millrace.bench.supply;

import org.jspecify.annotations.NullMarked;
