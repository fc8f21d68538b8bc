package io.millrace.schemas;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;

/**
 * The catalogue: every topic that Millrace reads or writes, except those that Kafka Streams keeps for itself. The one
 * place where a topic's name, key, value, retention and partitioning are written down. Immutable.
 */
public final class Topics {

    static final long HOUR = 3_600_000L;
    static final long DAY = 24 * HOUR;
    /** A year's bill can still be checked, and disputed, a month after the year. */
    private static final long BOOKS = 400 * DAY;

    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;

    private static final List<Topic<?>> ALL = new ArrayList<>();

    /** What nodes say. A day: the tables are made of the newest report; the rest is for looking into last night. */
    public static final Topic<NodeReport> TELEMETRY_REPORTS = telemetry(
            "telemetry.reports",
            "nodeId",
            NodeReport.class,
            Partitioning.BY_NODE,
            DAY,
            "What a node says of itself: health, use from outside, power");

    /** What centres say. A month, because assessments look back over weeks. */
    public static final Topic<CentreReport> TELEMETRY_CENTRES = telemetry(
            "telemetry.centres",
            "centreId",
            CentreReport.class,
            Partitioning.BY_CENTRE,
            30 * DAY,
            "What a centre says of its site: power, price of energy, carbon, storage, network");

    /** Refused telemetry. Two weeks: time to find the mistake after a holiday, and to send the bytes again. */
    public static final Topic<RejectedRecord> TELEMETRY_REJECTED =
            rejected("telemetry.rejected", "Telemetry that was refused: the reason, and everything as it was received");

    /** Who is admitted with what. */
    public static final Topic<CentreProfile> CENTRES_PROFILES = table(
            "centres.profiles",
            "centreId",
            CentreProfile.class,
            Partitioning.BY_CENTRE,
            "A centre as the operator of its hub has it on record: hub, pools, asks, admission");

    /** What centres said of their sites and what passed the checks: intake weighs energy and carbon by it. */
    public static final Topic<CentreSite> CENTRES_SITES = table(
            "centres.sites",
            "centreId",
            CentreSite.class,
            Partitioning.BY_CENTRE,
            "What a centre last said of its site and what passed all checks");

    /** What nodes can sell. Partitioned as the reports are: a node's capacity is written by the task that has its reports. */
    public static final Topic<NodeCapacity> CAPACITY_NODES =
            table("capacity.nodes", "nodeId", NodeCapacity.class, Partitioning.BY_NODE, "What a node can sell now");

    /** The live tables. */
    public static final Topic<CapacitySummary> CAPACITY_SUMMARIES = table(
            "capacity.summaries",
            "scope:scopeId",
            CapacitySummary.class,
            Partitioning.BY_SCOPE,
            "Live capacity of pools, centres, hubs and the nation");

    /** What tenants say. A month: the time in which a tenant may ask what became of a request. */
    public static final Topic<ComputeRequest> COMPUTE_REQUESTS = log(
            "compute.requests",
            "requestId",
            ComputeRequest.class,
            Partitioning.BY_REQUEST,
            30 * DAY,
            false,
            "What tenants say: submit, cancel, extend, release");

    /** Requests that cannot even be read. Two weeks, as {@link #TELEMETRY_REJECTED}. */
    public static final Topic<RejectedRecord> COMPUTE_REJECTED = rejected(
            "compute.rejected", "Requests that could not be read: the reason, and everything as it was received");

    /** All that markets may know. A quarter: a decision can be replayed as long as it can be complained about. */
    public static final Topic<MarketCommand> MARKET_COMMANDS = log(
            "market.commands",
            "marketId",
            MarketCommand.class,
            Partitioning.BY_MARKET,
            90 * DAY,
            false,
            "Everything a market may know, in order, with its time");

    /** The facts. Kept as long as the books that are made from them. */
    public static final Topic<MarketEvent> MARKET_EVENTS = log(
            "market.events",
            "marketId",
            MarketEvent.class,
            Partitioning.BY_MARKET,
            BOOKS,
            false,
            "The facts: the system of record");

    /** Where a replay of a market may begin. As long as the commands that a replay needs: {@link #MARKET_COMMANDS}. */
    public static final Topic<MarketSnapshot> MARKET_SNAPSHOTS = log(
            "market.snapshots",
            "marketId",
            MarketSnapshot.class,
            Partitioning.BY_MARKET,
            90 * DAY,
            false,
            "The state of a market at a place in its log: where a replay may begin");

    /** From markets to intake. A week: longer than any outage that intake should survive. */
    public static final Topic<MarketNotice> MARKET_NOTICES = log(
            "market.notices",
            "requestId",
            MarketNotice.class,
            Partitioning.BY_REQUEST,
            7 * DAY,
            false,
            "What a market tells intake about a request: deflected, or forgotten");

    /** What is free in each market. */
    public static final Topic<MarketCapacity> MARKET_CAPACITY = table(
            "market.capacity",
            "marketId",
            MarketCapacity.class,
            Partitioning.BY_MARKET,
            "What is free in a market after reservations");

    /** The answers. A month, as {@link #COMPUTE_REQUESTS}. */
    public static final Topic<AllocationDecision> ALLOCATION_DECISIONS = log(
            "allocation.decisions",
            "requestId",
            AllocationDecision.class,
            Partitioning.BY_REQUEST,
            30 * DAY,
            true,
            "The answer to a request, with its explanation, and every change after it");

    /** Metered use. */
    public static final Topic<UsageRecord> USAGE_RECORDS = log(
            "usage.records",
            "accountId",
            UsageRecord.class,
            Partitioning.BY_ACCOUNT,
            BOOKS,
            true,
            "Metered use of nodes by allocations");

    /** The ledger. */
    public static final Topic<BillingEntry> BILLING_ENTRIES = log(
            "billing.entries",
            "accountId",
            BillingEntry.class,
            Partitioning.BY_ACCOUNT,
            BOOKS,
            true,
            "Balanced ledger entries: the entries of a transaction sum to zero");

    private static final List<Topic<?>> CATALOGUE = Collections.unmodifiableList(ALL);

    private Topics() {}

    /** Returns every topic, in the order in which data flows. */
    public static List<Topic<?>> all() {
        return CATALOGUE;
    }

    /** Telemetry comes from outside: no report needs more than 256 KiB, and a dead letter must be able to hold it whole. */
    private static <V extends SpecificRecord> Topic<V> telemetry(
            String name, String key, Class<V> type, Partitioning group, long retention, String meaning) {
        return add(new Topic<>(name, key, type, Cleanup.DELETE, group, retention, 256 * KIB, false, meaning));
    }

    private static Topic<RejectedRecord> rejected(String name, String meaning) {
        return add(new Topic<>(
                name,
                "as received",
                RejectedRecord.class,
                Cleanup.DELETE,
                Partitioning.ANY,
                14 * DAY,
                2 * MIB,
                false,
                meaning));
    }

    private static <V extends SpecificRecord> Topic<V> log(
            String name,
            String key,
            Class<V> type,
            Partitioning group,
            long retention,
            boolean outside,
            String meaning) {
        return add(new Topic<>(name, key, type, Cleanup.DELETE, group, retention, MIB, outside, meaning));
    }

    private static <V extends SpecificRecord> Topic<V> table(
            String name, String key, Class<V> type, Partitioning group, String meaning) {
        return add(new Topic<>(name, key, type, Cleanup.COMPACT, group, Topic.FOR_EVER, MIB, false, meaning));
    }

    private static <V extends SpecificRecord> Topic<V> add(Topic<V> topic) {
        ALL.add(topic);
        return topic;
    }
}
