/** The contract between Millrace and the world: records, topics, serialisation. */
@NullMarked
package io.millrace.schemas;

import org.jspecify.annotations.NullMarked;
