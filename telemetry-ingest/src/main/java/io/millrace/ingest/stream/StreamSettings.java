package io.millrace.ingest.stream;

import io.millrace.ingest.capacity.TimeWindow;
import java.util.Set;

/**
 * What an operator can set on the topology. Immutable.
 *
 * @param markets the hubs that there are; a hub's id is its market's
 * @param window the times that a report may bear
 * @param tickMillis how often silence is looked for and changed pools are summed up
 * @param refreshMillis how often a pool is summed up of which nothing but the time of its newest report changed
 * @param forgetMillis silence after which a lost node is forgotten
 * @param deafMillis age of what is read at which silence says nothing
 */
public record StreamSettings(
        Set<String> markets,
        TimeWindow window,
        long tickMillis,
        long refreshMillis,
        long forgetMillis,
        long deafMillis) {

    public StreamSettings {
        markets = Set.copyOf(markets);
    }
}
