package io.millrace.broker.stream;

import io.millrace.broker.routing.Energy;
import io.millrace.broker.routing.Telemetry;
import io.millrace.runtime.PatientCodec;
import io.millrace.schemas.CapacityRow;
import io.millrace.schemas.CapacitySummary;
import io.millrace.schemas.CentreSite;
import io.millrace.schemas.Decoded;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/**
 * What telemetry knows of the hubs beside their capacity: the sites of their centres, and how well their nodes are heard.
 * Read from global stores when asked to. What cannot be read does not count. Used by its task's thread only.
 */
final class HubFacts {
    private final PatientCodec<CentreSite> siteCodec;
    private final PatientCodec<CapacitySummary> summaryCodec;
    private final ReadOnlyKeyValueStore<String, byte[]> siteStore;
    private final ReadOnlyKeyValueStore<String, byte[]> summaryStore;
    private Map<String, Energy.Site> sites = Map.of();
    private Map<String, Telemetry> telemetry = Map.of();

    HubFacts(
            PatientCodec<CentreSite> siteCodec,
            PatientCodec<CapacitySummary> summaryCodec,
            ReadOnlyKeyValueStore<String, byte[]> siteStore,
            ReadOnlyKeyValueStore<String, byte[]> summaryStore) {
        this.siteCodec = siteCodec;
        this.summaryCodec = summaryCodec;
        this.siteStore = siteStore;
        this.summaryStore = summaryStore;
    }

    void refresh() {
        Map<String, Energy.Site> newSites = new HashMap<>();
        try (KeyValueIterator<String, byte[]> all = siteStore.all()) {
            while (all.hasNext()) {
                KeyValue<String, byte[]> entry = all.next();
                if (siteCodec.decode(entry.value) instanceof Decoded.Value<CentreSite> decoded) {
                    newSites.put(entry.key, site(decoded.value()));
                }
            }
        }
        sites = newSites;
        Map<String, Telemetry> newTelemetry = new HashMap<>();
        try (KeyValueIterator<String, byte[]> all = summaryStore.all()) {
            while (all.hasNext()) {
                if (summaryCodec.decode(all.next().value) instanceof Decoded.Value<CapacitySummary> decoded) {
                    newTelemetry.put(decoded.value().getScopeId(), telemetry(decoded.value()));
                }
            }
        }
        telemetry = newTelemetry;
    }

    Collection<Energy.Site> sites() {
        return sites.values();
    }

    /** By hub. */
    Map<String, Telemetry> telemetry() {
        return telemetry;
    }

    private static Energy.Site site(CentreSite site) {
        return new Energy.Site(
                site.getCentreId(),
                site.getHubId(),
                site.getObservedAtMillis(),
                site.getItPowerWatts(),
                site.getFacilityPowerWatts(),
                site.getEnergyPriceMicroCnyPerKwh(),
                site.getCarbonGramsPerKwh());
    }

    private static Telemetry telemetry(CapacitySummary summary) {
        long nodes = 0;
        long lost = 0;
        for (CapacityRow row : summary.getRows()) {
            nodes += row.getNodes();
            lost += row.getNodesLost();
        }
        return new Telemetry(nodes, lost, summary.getAsOfMillis());
    }
}
