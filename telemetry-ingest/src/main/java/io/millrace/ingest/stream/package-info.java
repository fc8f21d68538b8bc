/** The supply side's topologies, processors and codecs. */
@NullMarked
package io.millrace.ingest.stream;

import org.jspecify.annotations.NullMarked;
