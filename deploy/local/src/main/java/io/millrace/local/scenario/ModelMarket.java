package io.millrace.local.scenario;

import io.millrace.schemas.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;

/** The device models for AI that the country has: tenants name one the more often the more there are of it. */
final class ModelMarket {
    private final List<String> models = new ArrayList<>();
    private final List<Long> devices = new ArrayList<>();
    private final long sum;

    ModelMarket(Supply supply) {
        long all = 0;
        for (Map.Entry<NodeType, Long> entry :
                supply.devicesByType(Kind.INTELLIGENT).entrySet()) {
            models.add(entry.getKey().model());
            devices.add(entry.getValue());
            all += entry.getValue();
        }
        sum = all;
    }

    /**
     * The models that will do: any (an empty list), one, or two.
     *
     * @param any chance that the tenant does not mind
     */
    List<String> anyOrSome(SplittableRandom random, double any) {
        if (random.nextDouble() < any) {
            return List.of();
        }
        TreeSet<String> chosen = new TreeSet<>();
        chosen.add(one(random));
        if (random.nextBoolean()) {
            chosen.add(one(random));
        }
        return List.copyOf(chosen);
    }

    private String one(SplittableRandom random) {
        long left = random.nextLong(sum);
        for (int i = 0; i < models.size(); i++) {
            left -= devices.get(i);
            if (left < 0) {
                return models.get(i);
            }
        }
        throw new IllegalStateException("devices do not add up");
    }
}
