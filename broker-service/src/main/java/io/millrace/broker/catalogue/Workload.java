package io.millrace.broker.catalogue;

/** What devices are to do. */
public enum Workload {
    /** A workload that this release does not know. */
    UNKNOWN,
    /** Training of models. */
    TRAINING,
    /** Inference. */
    INFERENCE,
    /** Numerical simulation. */
    HPC
}
