package io.millrace.local.scenario;

import io.millrace.local.scenario.PlannedRequest.FollowUp;
import io.millrace.schemas.ComputeSpec;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The demand side of the scenario: an endless sequence of requests at random times (a Poisson process), whose terms are such
 * that they keep about {@link #LOAD} of each resource busy, whatever their rate and the size of the country. Some are
 * cancelled, released early or extended; a few ask for what nobody can serve.
 *
 * <p>By Little's law the load is rate × mean size × mean term; the mean size of a request is measured on a sample, and the
 * term follows. Deterministic in its arguments. Not thread-safe.
 */
public final class Demand {
    /** Share of each resource that the requests keep busy on average. */
    static final double LOAD = 0.7;

    private static final int SAMPLE = 200_000;
    private static final long SHORTEST_TERM_SECONDS = 5;
    private static final double CHANCE_IMPOSSIBLE = 0.01;
    private static final List<String> WEST = List.of("inner-mongolia", "guizhou", "gansu", "ningxia");
    /** The first ask most often. */
    private static final List<String> ACCOUNTS = List.of(
            "lingua-models",
            "auto-drive-lab",
            "weather-bureau",
            "genome-institute",
            "video-search",
            "steel-works",
            "river-dynamics",
            "chip-verification",
            "film-render",
            "telescope-array",
            "city-traffic",
            "medical-imaging",
            "crop-forecast",
            "grid-dispatch",
            "materials-lab",
            "start-up-7");

    private final SplittableRandom random;
    private final Supply supply;
    private final ModelMarket market;
    private final double requestsPerMilli;
    private final String idPrefix;
    private final Map<Resource, Double> meanTermSeconds;
    private double clockMillis;
    private long number;

    /**
     * @param seed same seed, same demand
     * @param supply what there is to ask for
     * @param requestsPerSecond mean rate
     * @param idPrefix begins every request id; must differ from run to run, because a request id means one request for ever
     */
    public Demand(long seed, Supply supply, double requestsPerSecond, String idPrefix) {
        if (!(requestsPerSecond > 0)) {
            throw new IllegalArgumentException("requests per second must be above 0, not " + requestsPerSecond);
        }
        this.random = new SplittableRandom(seed);
        this.supply = supply;
        this.market = new ModelMarket(supply);
        this.requestsPerMilli = requestsPerSecond / 1000;
        this.idPrefix = idPrefix;
        this.meanTermSeconds = meanTerms(supply, market, requestsPerSecond);
    }

    /** The next request; times never go back. */
    public PlannedRequest next() {
        clockMillis += -StrictMath.log(1 - random.nextDouble()) / requestsPerMilli;
        long atMillis = (long) clockMillis;
        RequestShape shape = RequestShape.any(random);
        ComputeSpec.Builder spec = shape.draw(random, market);
        double meanSeconds = meanTermSeconds.getOrDefault(shape.resource(), 0.0);
        long seconds = Math.max(SHORTEST_TERM_SECONDS, Math.round(meanSeconds * (0.4 + 1.2 * random.nextDouble())));
        spec.setDurationSeconds(seconds);
        // Work that answers people at once does not wait; work that runs for a while can.
        spec.setMaxWaitSeconds(shape == RequestShape.INFERENCE ? 0 : random.nextInt(4) * seconds / 2);
        limit(spec);
        FollowUp followUp = followUp();
        return new PlannedRequest(
                atMillis,
                String.format("%s-%06d", idPrefix, ++number),
                account(),
                spec.build(),
                followUp,
                atMillis + followUpAfterMillis(followUp, seconds));
    }

    /** Some tenants mind where their work runs, some what it costs, and a few ask for what nobody sells. */
    private void limit(ComputeSpec.Builder spec) {
        double chance = random.nextDouble();
        if (chance < 0.12) {
            List<String> hubs = supply.hubs();
            spec.setHubs(List.of(hubs.get(random.nextInt(hubs.size()))));
        } else if (chance < 0.24) {
            spec.setHubs(WEST);
        } else if (chance > 1 - CHANCE_IMPOSSIBLE / 2) {
            spec.setMaxPriceMicroCnyPerHour(50_000L);
        } else if (chance > 1 - CHANCE_IMPOSSIBLE && spec.getDevices() > 0) {
            spec.setMilliPerDevice(1000).setDevices(16);
        }
    }

    private FollowUp followUp() {
        double chance = random.nextDouble();
        return chance < 0.15
                ? FollowUp.RELEASE
                : chance < 0.19 ? FollowUp.CANCEL : chance < 0.26 ? FollowUp.EXTEND : FollowUp.NONE;
    }

    private long followUpAfterMillis(FollowUp followUp, long termSeconds) {
        double share = switch (followUp) {
            case NONE -> 0;
            case CANCEL -> 0.02 + 0.1 * random.nextDouble();
            case RELEASE, EXTEND -> 0.3 + 0.6 * random.nextDouble();
        };
        return Math.round(1000 * share * termSeconds);
    }

    private String account() {
        double skewed = random.nextDouble() * random.nextDouble();
        return ACCOUNTS.get((int) (skewed * ACCOUNTS.size()));
    }

    private static Map<Resource, Double> meanTerms(Supply supply, ModelMarket market, double requestsPerSecond) {
        // A seed of its own: the terms must depend on what is asked in the mean, not on what is asked first.
        SplittableRandom sample = new SplittableRandom(1);
        Map<Resource, Double> sizeMilli = new EnumMap<>(Resource.class);
        for (int i = 0; i < SAMPLE; i++) {
            RequestShape shape = RequestShape.any(sample);
            double size = shape.sizeMilli(shape.draw(sample, market));
            sizeMilli.merge(shape.resource(), size / SAMPLE, Double::sum);
        }
        Map<Resource, Double> terms = new EnumMap<>(Resource.class);
        sizeMilli.forEach((resource, size) ->
                terms.put(resource, LOAD * resource.capacityMilli(supply) / (requestsPerSecond * size)));
        return terms;
    }
}
