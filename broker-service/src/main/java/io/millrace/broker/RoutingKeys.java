package io.millrace.broker;

import io.millrace.broker.market.Siting;
import io.millrace.broker.routing.Distances;
import io.millrace.broker.routing.Energy;
import io.millrace.broker.routing.RoutingPolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.LambdaValidator;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigException;

/** The keys of the choice between markets. All of them decide outcomes; the defaults are as of 2026. */
final class RoutingKeys {
    static final String WEIGHTS = "routing.weights";
    static final String TENANT_WEIGHTS = "routing.tenant.weights";
    static final String WEIGHT_MIN = "routing.weight.min.permille";
    static final String WEIGHT_MAX = "routing.weight.max.permille";
    static final String CARBON_PRICE = "routing.carbon.micro.cny.per.tonne";
    static final String EGRESS_PRICE = "routing.egress.micro.cny.per.gib";
    static final String LATENCY_PRICE = "routing.latency.micro.cny.per.ms.hour";
    static final String DEVICE_WATTS = "routing.device.watts";
    static final String CORE_WATTS = "routing.core.watts";
    static final String FREE = "routing.free.permille";
    static final String ALTERNATIVE = "routing.alternative.permille";
    static final String SPREAD = "routing.spread.permille";
    static final String STALE_SECONDS = "routing.telemetry.stale.seconds";
    static final String ASSUMED_PUE = "routing.assumed.pue.permille";
    static final String ASSUMED_ENERGY_PRICE = "routing.assumed.energy.micro.cny.per.kwh";
    static final String ASSUMED_CARBON = "routing.assumed.carbon.grams.per.kwh";
    static final String POSITIONS = "routing.hub.positions";

    static final String HOLD_SECONDS = "routing.hold.seconds";

    private static final int MOST_PERMILLE = 1_000_000;
    private static final long MOST_MICRO_CNY = 1_000_000_000_000L;

    /** The clusters that the eight hubs were founded with: Zhangjiakou, Qingpu, Shaoguan, Chengdu, Horinger, Gui'an, Qingyang, Zhongwei. */
    private static final String CLUSTERS = "beijing-tianjin-hebei:40.77:114.88,yangtze-delta:31.15:121.12,"
            + "greater-bay-area:24.81:113.60,chengdu-chongqing:30.57:104.07,inner-mongolia:40.38:111.82,"
            + "guizhou:26.45:106.60,gansu:35.71:107.64,ningxia:37.50:105.19";

    private RoutingKeys() {}

    static void define(ConfigDef keys) {
        weights(keys);
        prices(keys);
        knowledge(keys);
    }

    private static void weights(ConfigDef keys) {
        keys.define(
                        WEIGHTS,
                        ConfigDef.Type.LIST,
                        "",
                        LambdaValidator.with(RoutingKeys::byTerm, () -> "term:thousandths"),
                        Importance.MEDIUM,
                        "What terms of the choice between markets count, as CARBON:3000,EGRESS:500; the others count 1000."
                                + " Terms: PRICE, EGRESS, LATENCY, ENERGY, CARBON, CONFIDENCE.")
                .define(
                        TENANT_WEIGHTS,
                        ConfigDef.Type.LIST,
                        "",
                        LambdaValidator.with(RoutingKeys::byAccount, () -> "account/term:thousandths"),
                        Importance.MEDIUM,
                        "The same for single accounts, as acme/CARBON:5000.")
                .define(
                        WEIGHT_MIN,
                        ConfigDef.Type.INT,
                        0,
                        Range.between(0, MOST_PERMILLE),
                        Importance.LOW,
                        "Least that a request may let a term count, in thousandths.")
                .define(
                        WEIGHT_MAX,
                        ConfigDef.Type.INT,
                        10_000,
                        Range.between(0, MOST_PERMILLE),
                        Importance.LOW,
                        "Most that a request may let a term count, in thousandths.")
                .define(
                        FREE,
                        ConfigDef.Type.INT,
                        500,
                        Range.between(0, MOST_PERMILLE),
                        Importance.LOW,
                        "How much dearer a full market counts than an empty one, in thousandths of the lowest price.")
                .define(
                        ALTERNATIVE,
                        ConfigDef.Type.INT,
                        2_000,
                        Range.between(0, MOST_PERMILLE),
                        Importance.LOW,
                        "How much dearer a market counts for each alternative of a request that comes before its own and that"
                                + " another market has, in thousandths of the lowest price.")
                .define(
                        SPREAD,
                        ConfigDef.Type.INT,
                        25,
                        Range.between(0, MOST_PERMILLE),
                        Importance.LOW,
                        "Difference in price up to which alike requests are spread over markets, in thousandths of the lowest"
                                + " price.");
    }

    private static void prices(ConfigDef keys) {
        keys.define(
                        CARBON_PRICE,
                        ConfigDef.Type.LONG,
                        100_000_000L,
                        Range.between(0, MOST_MICRO_CNY),
                        Importance.MEDIUM,
                        "Price of a tonne of CO2 equivalent, in millionths of a CNY; 100 CNY is about what the national market"
                                + " paid in 2024.")
                .define(
                        EGRESS_PRICE,
                        ConfigDef.Type.LONG,
                        500_000L,
                        Range.between(0, MOST_MICRO_CNY),
                        Importance.MEDIUM,
                        "Price of moving a GiB from one hub to another, in millionths of a CNY; an assumption.")
                .define(
                        LATENCY_PRICE,
                        ConfigDef.Type.LONG,
                        10_000L,
                        Range.between(0, MOST_MICRO_CNY),
                        Importance.MEDIUM,
                        "What a millisecond to its users costs a request for an hour, in millionths of a CNY; an assumption.")
                .define(
                        DEVICE_WATTS,
                        ConfigDef.Type.INT,
                        500,
                        Range.between(0, 1_000_000),
                        Importance.LOW,
                        "Power of a device in use, in watts, by which energy and carbon are reckoned; an assumption.")
                .define(
                        CORE_WATTS,
                        ConfigDef.Type.INT,
                        8,
                        Range.between(0, 1_000_000),
                        Importance.LOW,
                        "Power of a core in use, in watts; an assumption.");
    }

    private static void knowledge(ConfigDef keys) {
        keys.define(
                        STALE_SECONDS,
                        ConfigDef.Type.LONG,
                        600L,
                        Range.between(10, 366 * 86_400),
                        Importance.MEDIUM,
                        "Seconds after which telemetry of a market is believed no more; up to a tenth of it, it is believed in"
                                + " full.")
                .define(
                        ASSUMED_PUE,
                        ConfigDef.Type.INT,
                        1_500,
                        Range.between(1_000, 10_000),
                        Importance.LOW,
                        "PUE of a market whose centres do not report theirs, in thousandths.")
                .define(
                        ASSUMED_ENERGY_PRICE,
                        ConfigDef.Type.LONG,
                        650_000L,
                        Range.between(0, MOST_MICRO_CNY),
                        Importance.LOW,
                        "What such a market pays for energy, in millionths of a CNY per kWh.")
                .define(
                        ASSUMED_CARBON,
                        ConfigDef.Type.INT,
                        560,
                        Range.between(0, 10_000),
                        Importance.LOW,
                        "Carbon intensity of its energy, in grams of CO2 equivalent per kWh; 560 is about the average of the"
                                + " national grid.")
                .define(
                        HOLD_SECONDS,
                        ConfigDef.Type.LONG,
                        60L,
                        Range.between(2, 86_400),
                        Importance.MEDIUM,
                        "Seconds for which markets keep parts of a request for one another; it is confirmed in the first half"
                                + " of it or not at all.")
                .define(
                        POSITIONS,
                        ConfigDef.Type.LIST,
                        CLUSTERS,
                        LambdaValidator.with((key, value) -> positions(key, value), () -> "hub:latitude:longitude"),
                        Importance.MEDIUM,
                        "Where hubs are, in degrees north and east: latency between them is reckoned from it, at 1.5 times"
                                + " the way of light in fibre and 5 ms at least. The defaults are the first clusters of the"
                                + " eight hubs (as of 2022).");
    }

    static RoutingPolicy read(BrokerConfig config) {
        if (config.getInt(WEIGHT_MIN) > config.getInt(WEIGHT_MAX)) {
            throw new ConfigException(
                    WEIGHT_MIN,
                    config.getInt(WEIGHT_MIN),
                    "expected at most " + WEIGHT_MAX + ", which is " + config.getInt(WEIGHT_MAX));
        }
        return new RoutingPolicy(
                new Distances(positions(POSITIONS, config.getList(POSITIONS))),
                byTerm(WEIGHTS, config.getList(WEIGHTS)),
                byAccount(TENANT_WEIGHTS, config.getList(TENANT_WEIGHTS)),
                config.getInt(WEIGHT_MIN),
                config.getInt(WEIGHT_MAX),
                config.getLong(CARBON_PRICE),
                config.getLong(EGRESS_PRICE),
                config.getLong(LATENCY_PRICE),
                config.getInt(DEVICE_WATTS),
                config.getInt(CORE_WATTS),
                config.getInt(FREE),
                config.getInt(ALTERNATIVE),
                config.getInt(SPREAD),
                config.getLong(STALE_SECONDS) * 1_000,
                new Energy(
                        config.getInt(ASSUMED_PUE),
                        config.getLong(ASSUMED_ENERGY_PRICE),
                        config.getInt(ASSUMED_CARBON)));
    }

    private static Map<Siting.Term, Integer> byTerm(String key, Object value) {
        Map<Siting.Term, Integer> weights = new EnumMap<>(Siting.Term.class);
        for (String entry : entries(value)) {
            weigh(key, entry, entry, weights);
        }
        return weights;
    }

    private static Map<String, Map<Siting.Term, Integer>> byAccount(String key, Object value) {
        Map<String, Map<Siting.Term, Integer>> weights = new HashMap<>();
        for (String entry : entries(value)) {
            int slash = entry.indexOf('/');
            if (slash <= 0) {
                throw new ConfigException(key, entry, "expected account/term:thousandths");
            }
            weigh(
                    key,
                    entry,
                    entry.substring(slash + 1),
                    weights.computeIfAbsent(entry.substring(0, slash), a -> new EnumMap<>(Siting.Term.class)));
        }
        return weights;
    }

    private static void weigh(String key, String entry, String weight, Map<Siting.Term, Integer> weights) {
        String[] parts = weight.split(":", -1);
        Siting.Term term = Arrays.stream(Siting.Term.values())
                .filter(known -> known.name().equals(parts[0]))
                .findFirst()
                .orElseThrow(() -> new ConfigException(
                        key, entry, "expected one of the terms " + Arrays.toString(Siting.Term.values())));
        if (parts.length != 2 || !parts[1].matches("[0-9]{1,7}") || Integer.parseInt(parts[1]) > MOST_PERMILLE) {
            throw new ConfigException(key, entry, "expected term:thousandths with 0 to " + MOST_PERMILLE);
        }
        if (weights.put(term, Integer.parseInt(parts[1])) != null) {
            throw new ConfigException(key, entry, "the term is named twice");
        }
    }

    private static List<Distances.Position> positions(String key, Object value) {
        List<Distances.Position> positions = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (String entry : entries(value)) {
            String[] parts = entry.split(":", -1);
            if (parts.length != 3 || parts[0].isEmpty()) {
                throw new ConfigException(key, entry, "expected hub:latitude:longitude");
            }
            if (!seen.add(parts[0])) {
                throw new ConfigException(key, entry, "the hub is named twice");
            }
            positions.add(new Distances.Position(
                    parts[0], degrees(key, entry, parts[1], 90), degrees(key, entry, parts[2], 180)));
        }
        return positions;
    }

    private static double degrees(String key, String entry, String text, int most) {
        if (!text.matches("-?[0-9]{1,3}(\\.[0-9]{1,8})?") || Math.abs(Double.parseDouble(text)) > most) {
            throw new ConfigException(key, entry, "expected degrees from -" + most + " to " + most + ", got " + text);
        }
        return Double.parseDouble(text);
    }

    private static List<String> entries(Object value) {
        return value instanceof List<?> list
                ? list.stream().map(Object::toString).toList()
                : List.of();
    }
}
