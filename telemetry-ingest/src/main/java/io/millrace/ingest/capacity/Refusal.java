package io.millrace.ingest.capacity;

/**
 * Why a report is refused, in order of precedence: the first that applies is named. The contract knows four more that
 * come before these; they are found while the bytes are read, before there is a report.
 */
public enum Refusal {
    /** The key of the record is not the id inside it. */
    KEY_MISMATCH,
    /** An id is empty, too long or has characters that ids may not have. */
    INVALID_ID,
    /** No profile says that this centre exists. */
    UNKNOWN_CENTRE,
    /** The centre is known and is not admitted. */
    CENTRE_NOT_ADMITTED,
    /** The profile of the centre has no such pool. */
    UNKNOWN_POOL,
    /** The id speaks in the name of another centre. */
    IDENTITY_MISMATCH,
    /** A number is negative, absurd, or contradicts another. */
    OUT_OF_RANGE,
    /** The time lies too far in the future. */
    TIME_IN_FUTURE,
    /** The time lies too far in the past. */
    TIME_TOO_OLD,
    /** The sequence number was seen before. */
    DUPLICATE_SEQUENCE,
    /** A later sequence number was seen before. */
    STALE_SEQUENCE
}
