package io.millrace.ingest.capacity;

/** Number formats of the precision vector, named as in the contract. */
public enum Precision {
    /** A format younger than this service. */
    UNKNOWN,
    FP64,
    FP32,
    TF32,
    BF16,
    FP16,
    FP8,
    INT8,
    INT4
}
