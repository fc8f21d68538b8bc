package io.millrace.broker.audit;

/** What was written down cannot be replayed; the message says what and why, for people. */
public final class RecordingException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** With this message. */
    public RecordingException(String message) {
        super(message);
    }

    /** With this message and what led to it. */
    public RecordingException(String message, Throwable cause) {
        super(message, cause);
    }
}
