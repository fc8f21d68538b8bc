package io.millrace.broker;

import io.millrace.broker.catalogue.Catalogue;
import io.millrace.broker.market.MarketSettings;
import io.millrace.broker.placement.PlacementPolicy;
import io.millrace.broker.placement.Policies;
import io.millrace.broker.routing.RoutingPolicy;
import io.millrace.runtime.CommitPace;
import io.millrace.runtime.DefaultPorts;
import io.millrace.runtime.ServiceConfig;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.LambdaValidator;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.streams.StreamsConfig;

/**
 * What an operator can set on the broker service. Immutable.
 *
 * <p>{@link #MARKETS} and {@link #marketRules} decide outcomes: all instances must agree on them, and a log replays only
 * under the rules it was written under.
 */
public final class BrokerConfig extends ServiceConfig {
    /** The markets, by id. */
    public static final String MARKETS = "markets";
    /** How a market chooses nodes. */
    public static final String PLACEMENT_POLICY = "placement.policy";
    /** Who of those that wait is next. */
    public static final String QUEUE_POLICY = QueueKeys.POLICY;
    /** How long an answer is remembered. */
    public static final String ANSWER_RETENTION_SECONDS = "answer.retention.seconds";
    /** More device models. */
    public static final String CATALOGUE_DEVICES_FILE = "catalogue.devices.file";
    /** What workloads get of peaks. */
    public static final String CATALOGUE_EFFICIENCIES_FILE = "catalogue.efficiencies.file";
    /** How many requests may wait. */
    public static final String QUEUE_MAX = "queue.max";
    /** How long a request that lost its node waits. */
    public static final String REVOKED_WAIT_SECONDS = "revoked.wait.seconds";
    /** How often a market says what it has free. */
    public static final String MARKET_CAPACITY_INTERVAL_MS = "market.capacity.interval.ms";
    /** How often a market hears the clock. */
    public static final String TICK_INTERVAL_MS = "tick.interval.ms";
    /** After how many events a market writes a snapshot. */
    public static final String MARKET_SNAPSHOT_EVENTS = "market.snapshot.events";
    /** After what time a market writes a snapshot. */
    public static final String MARKET_SNAPSHOT_INTERVAL_MS = "market.snapshot.interval.ms";
    /** How many HTTP calls may wait for their decision. */
    public static final String WAITING_MAX = "http.waiting.max";
    /** Time between two commits of a thread that keeps up. */
    public static final String STREAMS_COMMIT_EARLY_MS = "streams.commit.early.ms";
    /** How many clients may listen to the stream. */
    public static final String STREAM_CLIENTS_MAX = "http.stream.clients.max";
    /** How far a client of the stream may lag behind. */
    public static final String STREAM_BUFFER_EVENTS = "http.stream.buffer.events";
    /** How often a silent stream shows that it is alive. */
    public static final String STREAM_HEARTBEAT_MS = "http.stream.heartbeat.ms";

    private static final String HUBS = "beijing-tianjin-hebei,yangtze-delta,greater-bay-area,chengdu-chongqing,"
            + "inner-mongolia,guizhou,gansu,ningxia";
    private static final long DAY_SECONDS = 86_400;
    /** A commit costs milliseconds of CPU, for one record as for a thousand: threads that do not keep up commit this seldom. */
    private static final long COMMIT_INTERVAL_MS = 100;
    /** Much of the time from a request to its decision is the wait for commits; below this, commits cost more than they win. */
    private static final long COMMIT_EARLY_MS = 25;
    /** Kafka's own interval, by the clock: only for what no task tells the pace of. */
    private static final int BACKSTOP = 10;
    /** Below the time after which Kafka gives up a transaction, ten seconds. */
    private static final long MAX_BACKSTOP_MS = 5_000;

    private final Catalogue catalogue;

    /**
     * Reads a configuration.
     *
     * @param values by key; a key that is missing has its default
     * @throws ConfigException if a key is unknown or a value is not allowed, or a file that is named cannot be read or has
     *     something wrong in it; its message is one line that names key or file, value and what is allowed
     */
    public BrokerConfig(Map<String, String> values) {
        super(definition(), values);
        catalogue = CatalogueFiles.read(getString(CATALOGUE_DEVICES_FILE), getString(CATALOGUE_EFFICIENCIES_FILE));
    }

    /** Every key with its default, unit and meaning. */
    public static ConfigDef definition() {
        ConfigDef keys = common("broker-service", DefaultPorts.BROKER_SERVICE, COMMIT_INTERVAL_MS);
        markets(keys);
        RoutingKeys.define(keys);
        rules(keys);
        catalogue(keys);
        intervals(keys);
        interfaces(keys);
        return keys;
    }

    private static void markets(ConfigDef keys) {
        keys.define(
                MARKETS,
                ConfigDef.Type.LIST,
                HUBS,
                LambdaValidator.with(BrokerConfig::requireMarkets, () -> "1 to 1000 different ids"),
                Importance.HIGH,
                "Ids of the markets, one per hub; the same on every instance.");
    }

    /** What a market decides by: see {@link MarketRules}. */
    static void rules(ConfigDef keys) {
        keys.define(
                        PLACEMENT_POLICY,
                        ConfigDef.Type.STRING,
                        Policies.DEFAULT,
                        ValidString.in(Policies.names().toArray(String[]::new)),
                        Importance.MEDIUM,
                        "How a market chooses nodes; the same on every instance.")
                .define(
                        ANSWER_RETENTION_SECONDS,
                        ConfigDef.Type.LONG,
                        DAY_SECONDS,
                        Range.between(60, 366 * DAY_SECONDS),
                        Importance.MEDIUM,
                        "Seconds for which an ended request is remembered, so that its id gets the same answer again; and a lost node.")
                .define(
                        QUEUE_MAX,
                        ConfigDef.Type.INT,
                        100_000,
                        Range.between(0, 10_000_000),
                        Importance.MEDIUM,
                        "Most requests that may wait in one market; further ones are refused with QUEUE_FULL.")
                .define(
                        REVOKED_WAIT_SECONDS,
                        ConfigDef.Type.LONG,
                        3_600L,
                        Range.between(0, 366 * DAY_SECONDS),
                        Importance.MEDIUM,
                        "Seconds for which a request that lost its node, or gave way, waits at least for another one.");
        QueueKeys.define(keys);
    }

    private static void catalogue(ConfigDef keys) {
        keys.define(
                        CATALOGUE_DEVICES_FILE,
                        ConfigDef.Type.STRING,
                        "",
                        Importance.MEDIUM,
                        "Path of a CSV file of device models, in the form of the built-in devices.csv; a model that is built in"
                                + " is replaced. Needs of requests that come from then on are resolved with it.")
                .define(
                        CATALOGUE_EFFICIENCIES_FILE,
                        ConfigDef.Type.STRING,
                        "",
                        Importance.MEDIUM,
                        "Path of a CSV file of what workloads really get of a device's peak, in the form of the built-in"
                                + " efficiencies.csv; a line of the same workload and model is replaced.");
    }

    private static void intervals(ConfigDef keys) {
        keys.define(
                        STREAMS_COMMIT_EARLY_MS,
                        ConfigDef.Type.LONG,
                        COMMIT_EARLY_MS,
                        Range.between(1, MAX_BACKSTOP_MS),
                        Importance.MEDIUM,
                        "Milliseconds between two commits of a thread that keeps up; streams.commit.interval.ms holds for"
                                + " one that does not.")
                .define(
                        MARKET_CAPACITY_INTERVAL_MS,
                        ConfigDef.Type.LONG,
                        1_000L,
                        Range.between(10, 3_600_000),
                        Importance.LOW,
                        "Milliseconds between two summaries of what a market has free.")
                .define(
                        TICK_INTERVAL_MS,
                        ConfigDef.Type.LONG,
                        1_000L,
                        Range.between(10, 3_600_000),
                        Importance.LOW,
                        "Milliseconds between two ticks of the clock in the log of a market: terms and waits end this"
                                + " exactly.")
                .define(
                        MARKET_SNAPSHOT_EVENTS,
                        ConfigDef.Type.LONG,
                        100_000L,
                        Range.between(1, 1_000_000_000),
                        Importance.LOW,
                        "Events of a market, and at least as many as it knows nodes, requests and accounts, after which it"
                                + " writes a snapshot: what an audit begins with.")
                .define(
                        MARKET_SNAPSHOT_INTERVAL_MS,
                        ConfigDef.Type.LONG,
                        6 * 3_600_000L,
                        Range.between(1_000, 30 * DAY_SECONDS * 1_000),
                        Importance.LOW,
                        "Milliseconds after which a market in which something happened writes a snapshot, however few its"
                                + " events.");
    }

    private static void interfaces(ConfigDef keys) {
        keys.define(
                        WAITING_MAX,
                        ConfigDef.Type.INT,
                        10_000,
                        Range.between(1, 1_000_000),
                        Importance.LOW,
                        "Most HTTP calls of one instance that may wait for their decision; further ones are answered"
                                + " without it.")
                .define(
                        STREAM_CLIENTS_MAX,
                        ConfigDef.Type.INT,
                        200,
                        Range.between(1, 100_000),
                        Importance.LOW,
                        "Most clients of one instance that may listen to the stream; further ones get 503.")
                .define(
                        STREAM_BUFFER_EVENTS,
                        ConfigDef.Type.INT,
                        10_000,
                        Range.between(1, 1_000_000),
                        Importance.LOW,
                        "Decisions that a client of the stream may lag behind before it is dropped.")
                .define(
                        STREAM_HEARTBEAT_MS,
                        ConfigDef.Type.LONG,
                        15_000L,
                        Range.between(10, 600_000),
                        Importance.LOW,
                        "Milliseconds of silence after which the stream sends a comment to show that it is alive.");
    }

    private static void requireMarkets(String key, Object value) {
        List<?> markets = (List<?>) value;
        if (markets == null || markets.isEmpty() || markets.size() > 1_000) {
            throw new ConfigException(key, value, "expected 1 to 1000 ids");
        }
        Set<Object> seen = new HashSet<>();
        for (Object market : markets) {
            // Store keys, paths and labels are made of it.
            if (!market.toString().matches("[A-Za-z0-9._-]{1,100}")) {
                throw new ConfigException(
                        key, market, "expected 1 to 100 letters, digits, dots, dashes and underscores");
            }
            if (!seen.add(market)) {
                throw new ConfigException(key, market, "named twice");
            }
        }
    }

    /** Ids of the markets. */
    public List<String> markets() {
        return getList(MARKETS);
    }

    /** The rules that every market decides by. */
    public MarketRules marketRules() {
        return MarketRules.of(this);
    }

    /** The same, without the choice of nodes. */
    public MarketSettings marketSettings() {
        return marketRules().settings();
    }

    /** For how long markets keep parts of a request. */
    public Duration hold() {
        return Duration.ofSeconds(getLong(RoutingKeys.HOLD_SECONDS));
    }

    /** How intake chooses between markets. */
    public RoutingPolicy routingPolicy() {
        return RoutingKeys.read(this);
    }

    /** The built-in catalogue of device models with what the configured files add. */
    public Catalogue catalogue() {
        return catalogue;
    }

    /** How a market chooses nodes: a new instance of the policy. */
    public PlacementPolicy placementPolicy() {
        return marketRules().policy();
    }

    /** Time between two summaries of a market. */
    public Duration marketCapacityInterval() {
        return Duration.ofMillis(getLong(MARKET_CAPACITY_INTERVAL_MS));
    }

    /** When stream threads commit before their interval is over. */
    public CommitPace commitPace() {
        return new CommitPace(shortestCommitMillis(), getLong(STREAMS_COMMIT_INTERVAL_MS));
    }

    @Override
    public Map<String, Object> streamsProperties(int boundPort) {
        Map<String, Object> properties = super.streamsProperties(boundPort);
        long backstop = Math.min(MAX_BACKSTOP_MS, BACKSTOP * getLong(STREAMS_COMMIT_INTERVAL_MS));
        properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, backstop);
        return properties;
    }

    @Override
    protected long shortestCommitMillis() {
        return Math.min(getLong(STREAMS_COMMIT_EARLY_MS), getLong(STREAMS_COMMIT_INTERVAL_MS));
    }

    /** Time between two ticks of a market's clock. */
    public Duration tickInterval() {
        return Duration.ofMillis(getLong(TICK_INTERVAL_MS));
    }

    /** Events after which a market writes a snapshot. */
    public long marketSnapshotEvents() {
        return getLong(MARKET_SNAPSHOT_EVENTS);
    }

    /** Time after which a market writes a snapshot. */
    public Duration marketSnapshotInterval() {
        return Duration.ofMillis(getLong(MARKET_SNAPSHOT_INTERVAL_MS));
    }

    /** Most HTTP calls that may wait for their decision. */
    public int waitingMax() {
        return getInt(WAITING_MAX);
    }

    /** Most clients that may listen to the stream. */
    public int streamClientsMax() {
        return getInt(STREAM_CLIENTS_MAX);
    }

    /** Decisions that a client of the stream may lag behind. */
    public int streamBufferEvents() {
        return getInt(STREAM_BUFFER_EVENTS);
    }

    /** Silence after which the stream sends a comment. */
    public Duration streamHeartbeat() {
        return Duration.ofMillis(getLong(STREAM_HEARTBEAT_MS));
    }
}
