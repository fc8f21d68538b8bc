/** The command {@code millrace up}: starts the platform, plays the scenario, and shows what goes on. */
@NullMarked
package io.millrace.local.up;

import org.jspecify.annotations.NullMarked;
