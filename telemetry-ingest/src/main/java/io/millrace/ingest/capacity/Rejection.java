package io.millrace.ingest.capacity;

/**
 * A refused report.
 *
 * @param refusal why
 * @param detail the same for people: what was wrong, and where
 */
public record Rejection(Refusal refusal, String detail) {}
