/** What people see: tables, colours where there is a terminal, and nothing but plain text where there is none. */
@NullMarked
package io.millrace.local.terminal;

import org.jspecify.annotations.NullMarked;
