/** What every service stands on: configuration, HTTP, JSON to and from Avro, the life of a Streams application. */
@NullMarked
package io.millrace.runtime;

import org.jspecify.annotations.NullMarked;
