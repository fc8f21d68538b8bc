/**
 * The supply side's rules, pure: which reports are taken, what a node can sell, who is lost, and what it all adds up to.
 *
 * <p>A {@link io.millrace.ingest.capacity.Report} that {@link io.millrace.ingest.capacity.ReportCheck} lets through goes
 * into the {@link io.millrace.ingest.capacity.NodeTable} of its partition, which keeps one running sum per pool. Each
 * partition publishes its {@link io.millrace.ingest.capacity.Share} of a pool;
 * {@link io.millrace.ingest.capacity.PoolShares} makes pools of shares, and
 * {@link io.millrace.ingest.capacity.Summaries} makes centres, hubs and the nation of pools.
 *
 * <p>Imports {@code java.*} only. Nothing here asks a clock, draws lots, or lets the order of a hash reach an output.
 */
@NullMarked
package io.millrace.ingest.capacity;

import org.jspecify.annotations.NullMarked;
