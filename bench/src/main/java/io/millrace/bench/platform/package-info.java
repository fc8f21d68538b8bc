/** The platform that a replay or a bench runs on: one of its own in a temporary folder, or one that is there already. */
@NullMarked
package io.millrace.bench.platform;

import org.jspecify.annotations.NullMarked;
