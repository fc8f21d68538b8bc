/** The supply side's HTTP interface. */
@NullMarked
package io.millrace.ingest.api;

import org.jspecify.annotations.NullMarked;
