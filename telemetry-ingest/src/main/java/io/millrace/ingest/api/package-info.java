/**
 * The supply side's HTTP interface: {@link io.millrace.ingest.api.IngestApi} has the routes and their description. Handlers
 * are thread-safe and may block; what they need is in {@link io.millrace.ingest.api.Services}.
 */
@NullMarked
package io.millrace.ingest.api;

import org.jspecify.annotations.NullMarked;
