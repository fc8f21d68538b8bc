package io.millrace.local.scenario;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.local.scenario.Centre.PoolOfNodes;
import io.millrace.local.scenario.Centre.Site;
import io.millrace.schemas.AdmissionStatus;
import io.millrace.schemas.CentreProfile;
import io.millrace.schemas.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * The supply side of the scenario: hubs and centres of {@code centres.json}, made of the servers of {@code node-types.json},
 * some 2,000 servers at full size. The public record counts an intelligent share of 35 %; counted in servers, so has this.
 * Immutable.
 */
public final class Supply {
    /** Servers at full size. */
    public static final int FULL_SIZE = 2000;

    private record HubRow(String id, Site site, List<CentreRow> centres) {}

    private record CentreRow(String id, String name, AdmissionStatus admission, LinkedHashMap<String, Integer> pools) {}

    private final List<Centre> centres;

    private Supply(List<Centre> centres) {
        this.centres = List.copyOf(centres);
    }

    /**
     * The same country at another size.
     *
     * @param nodes servers, about: every pool keeps its share, rounded, and at least one
     */
    public static Supply ofSize(int nodes) {
        ObjectMapper json = new ObjectMapper();
        Map<String, NodeType> types = read(json, "node-types.json", new TypeReference<List<NodeType>>() {}).stream()
                .collect(Collectors.toMap(NodeType::id, Function.identity()));
        List<Centre> centres = new ArrayList<>();
        for (HubRow hub : read(json, "centres.json", new TypeReference<List<HubRow>>() {})) {
            for (CentreRow row : hub.centres()) {
                List<PoolOfNodes> pools = row.pools().entrySet().stream()
                        .map(pool -> new PoolOfNodes(
                                Objects.requireNonNull(types.get(pool.getKey()), pool.getKey()),
                                Math.toIntExact(Math.max(1, Math.round((double) pool.getValue() * nodes / FULL_SIZE)))))
                        .toList();
                centres.add(new Centre(row.id(), row.name(), hub.id(), row.admission(), hub.site(), pools));
            }
        }
        return new Supply(centres);
    }

    /** Hubs, and thereby markets, in the order of the file. */
    public List<String> hubs() {
        return centres.stream().map(Centre::hubId).distinct().toList();
    }

    /** What the operators of the hubs have on record. */
    public List<CentreProfile> profiles(long updatedAtMillis) {
        return centres.stream().map(centre -> centre.profile(updatedAtMillis)).toList();
    }

    /** Servers. */
    public int nodes() {
        return centres.stream().mapToInt(Centre::nodes).sum();
    }

    /** Servers of a kind. */
    public int nodes(Kind kind) {
        return Math.toIntExact(sum(kind, type -> 1));
    }

    /** Devices of a kind. */
    public long devices(Kind kind) {
        return sum(kind, NodeType::devices);
    }

    /** Cores of the servers of a kind that have no devices. */
    long coresWithoutDevices(Kind kind) {
        return sum(kind, type -> type.devices() == 0 ? type.cores() : 0);
    }

    /** Devices of a kind by model, in the order of the file. */
    Map<NodeType, Long> devicesByType(Kind kind) {
        Map<NodeType, Long> devices = new LinkedHashMap<>();
        for (Centre centre : centres) {
            for (PoolOfNodes pool : centre.pools()) {
                if (pool.type().kind() == kind && pool.type().devices() > 0) {
                    devices.merge(pool.type(), (long) pool.nodes() * pool.type().devices(), Long::sum);
                }
            }
        }
        return devices;
    }

    List<Centre> centres() {
        return centres;
    }

    private long sum(Kind kind, ToLongFunction<NodeType> perNode) {
        return centres.stream()
                .flatMap(centre -> centre.pools().stream())
                .filter(pool -> pool.type().kind() == kind)
                .mapToLong(pool -> pool.nodes() * perNode.applyAsLong(pool.type()))
                .sum();
    }

    private static <T> T read(ObjectMapper json, String name, TypeReference<T> type) {
        try (InputStream in = Objects.requireNonNull(Supply.class.getResourceAsStream(name), name)) {
            return json.readValue(in, type);
        } catch (IOException e) {
            throw new UncheckedIOException("the scenario's " + name + " cannot be read", e);
        }
    }
}
