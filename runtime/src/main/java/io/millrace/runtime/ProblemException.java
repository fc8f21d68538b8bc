package io.millrace.runtime;

import java.util.Map;

/**
 * An answer to a caller that says what was wrong (RFC 9457, {@code application/problem+json}). Thrown by handlers; never
 * logged, as it is the caller's to read.
 */
public final class ProblemException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String title;
    private final transient Map<String, Object> extra;

    /**
     * Makes a problem.
     *
     * @param status HTTP status, 400 to 599
     * @param title the kind of problem, the same for every one of the kind
     * @param detail this one, for people: what was wrong and what is allowed
     * @param extra further members of the answer, for programs
     */
    public ProblemException(int status, String title, String detail, Map<String, Object> extra) {
        super(detail, null, false, false);
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("status " + status + " is no problem");
        }
        this.status = status;
        this.title = title;
        this.extra = Map.copyOf(extra);
    }

    /** Makes a problem without further members. */
    public ProblemException(int status, String title, String detail) {
        this(status, title, detail, Map.of());
    }

    int status() {
        return status;
    }

    String title() {
        return title;
    }

    String detail() {
        return String.valueOf(getMessage());
    }

    Map<String, Object> extra() {
        return extra;
    }
}
