package io.millrace.local;

import org.jspecify.annotations.Nullable;

/**
 * Something that the person at the keyboard can put right. The message is all that is shown: it names what is wrong, with
 * its value, and what to do.
 */
public final class UserError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UserError(String message) {
        super(message);
    }

    public UserError(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
