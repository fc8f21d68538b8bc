/** The demand side's topologies, processors and codecs. */
@NullMarked
package io.millrace.broker.stream;

import org.jspecify.annotations.NullMarked;
