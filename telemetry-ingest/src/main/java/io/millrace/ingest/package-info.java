/** The supply side: from reports of nodes and centres to tables of what can be sold. */
@NullMarked
package io.millrace.ingest;

import org.jspecify.annotations.NullMarked;
