package io.millrace.local;

import org.jspecify.annotations.Nullable;

/**
 * Something that the person at the keyboard can put right. The message is all that is shown: it names what is wrong, with
 * its value, and what to do.
 */
public final class UserError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean ofUsage;

    public UserError(String message) {
        this(message, null);
    }

    public UserError(String message, @Nullable Throwable cause) {
        this(message, cause, false);
    }

    private UserError(String message, @Nullable Throwable cause, boolean ofUsage) {
        super(message, cause);
        this.ofUsage = ofUsage;
    }

    /** That the command line itself asks for what cannot be, whatever the state of things. */
    public static UserError ofUsage(String message) {
        return new UserError(message, null, true);
    }

    /** The same, of what was found wrong elsewhere. */
    public static UserError ofUsage(String message, Throwable cause) {
        return new UserError(message, cause, true);
    }

    /** True if the command line is wrong, rather than what it met. */
    public boolean isOfUsage() {
        return ofUsage;
    }
}
