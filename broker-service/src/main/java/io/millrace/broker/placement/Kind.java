package io.millrace.broker.placement;

/** The four kinds of computing power. */
public enum Kind {
    /** Not said. */
    UNKNOWN,
    /** CPU. */
    GENERAL,
    /** Accelerators for training and inference. */
    INTELLIGENT,
    /** Tightly coupled HPC. */
    SUPER,
    /** QPUs. */
    QUANTUM
}
