/** {@code millrace bench core}: how fast a market decides when nothing is read or written. */
@NullMarked
package io.millrace.bench.core;

import org.jspecify.annotations.NullMarked;
