package io.millrace.ingest.capacity;

/** Where a centre stands with the operator of its hub, named as in the contract. */
public enum Admission {
    /** A status younger than this service: treated as not admitted. */
    UNKNOWN(false, false),
    /** Has asked to be admitted; is watched and sells nothing yet. */
    APPLIED(false, true),
    /** Sells. */
    ADMITTED(true, true),
    /** Sells, and is watched. */
    PROBATION(true, true),
    /** Sells no more. */
    EXITED(false, false);

    private final boolean sells;
    private final boolean heard;

    Admission(boolean sells, boolean heard) {
        this.sells = sells;
        this.heard = heard;
    }

    /** Whether its nodes can be sold. */
    public boolean sells() {
        return sells;
    }

    /** Whether reports about its site are taken: an applicant is measured before it is admitted. */
    public boolean heard() {
        return heard;
    }
}
