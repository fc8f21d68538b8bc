/** Commands for people who look at the platform or use it: everything goes through the services' HTTP interfaces. */
@NullMarked
package io.millrace.local.client;

import org.jspecify.annotations.NullMarked;
