/** Everything on one machine, and the command line. */
@NullMarked
package io.millrace.local;

import org.jspecify.annotations.NullMarked;
