package io.millrace.ingest.capacity;

/** The four kinds of computing power, named as in the contract. */
public enum Kind {
    /** Not said. */
    UNKNOWN,
    /** CPU. */
    GENERAL,
    /** Accelerators for AI. */
    INTELLIGENT,
    /** Tightly coupled HPC. */
    SUPER,
    /** QPUs. */
    QUANTUM
}
