/** Trace replay, load on the pipeline and micro-benchmarks; adds commands to the command line. */
@NullMarked
package io.millrace.bench;

import org.jspecify.annotations.NullMarked;
