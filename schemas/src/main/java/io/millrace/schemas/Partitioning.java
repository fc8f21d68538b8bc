package io.millrace.schemas;

/**
 * What a topic is partitioned by. Topics of the same group have equal partition counts, so that a key lies in the same
 * partition of each and one Streams task can join them; {@link #ANY} promises nothing.
 */
public enum Partitioning {
    /** By node: what nodes say and what they can sell. */
    BY_NODE,
    /** By centre: what centres say and their profiles. */
    BY_CENTRE,
    /** By request: what tenants say, what comes back from a market, what they are told. */
    BY_REQUEST,
    /** By market: commands in, events and free capacity out. */
    BY_MARKET,
    /** By account: usage and ledger entries. */
    BY_ACCOUNT,
    /** By scope: live tables of pools, centres, hubs and the nation. */
    BY_SCOPE,
    /** Whatever the record came with: dead letters. */
    ANY
}
