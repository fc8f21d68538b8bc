package io.millrace.broker.catalogue;

/** Number formats of the precision vector. */
public enum Precision {
    /** A format that this release does not know. */
    UNKNOWN,
    /** IEEE 754 double. */
    FP64,
    /** IEEE 754 single. */
    FP32,
    /** Range of single, mantissa of half. */
    TF32,
    /** Range of single, 8 bits of mantissa. */
    BF16,
    /** IEEE 754 half. */
    FP16,
    /** Eight bits: E4M3 or E5M2. */
    FP8,
    /** Eight-bit integers. */
    INT8,
    /** Four-bit integers. */
    INT4
}
