/** {@code millrace bench placement}: how much of a cluster a placement policy fills. */
@NullMarked
package io.millrace.bench.placement;

import org.jspecify.annotations.NullMarked;
