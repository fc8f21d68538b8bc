package io.millrace.local;

/** Hears how the start of a platform gets on. Called from several threads. */
@FunctionalInterface
public interface Progress {
    /** Hears nothing. */
    Progress SILENT = (what, detail, millis) -> {};

    /**
     * A step is done.
     *
     * @param what its name
     * @param detail what came of it, for example an address
     * @param millis how long it took, in milliseconds
     */
    void done(String what, String detail, long millis);
}
