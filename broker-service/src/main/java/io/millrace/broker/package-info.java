/** The demand side: from requests to committed decisions and metered use. */
@NullMarked
package io.millrace.broker;

import org.jspecify.annotations.NullMarked;
