/** Pure: checks of reports and sums of capacity; imports {@code java.*} only. */
@NullMarked
package io.millrace.ingest.capacity;

import org.jspecify.annotations.NullMarked;
