package io.millrace.local;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.common.utils.Utils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The coordinators of a broker, one of groups and one of transactions for each partition of their logs. A broker serves
 * records before these have read their logs; and Kafka 4.3.1 was seen not to start them at all after it had been killed: no
 * group could be joined and no transaction begun, until it was started once more.
 */
final class Coordinators {
    private static final Logger LOG = LoggerFactory.getLogger(Coordinators.class);

    private final String bootstrapServers;
    private final int partitions;

    /** @param partitions of the log of groups, and of that of transactions */
    Coordinators(String bootstrapServers, int partitions) {
        this.bootstrapServers = bootstrapServers;
        this.partitions = partitions;
    }

    /** Waits until all of them answer; false if they do not in time. */
    boolean serveWithin(Duration patience) {
        List<String> names = names();
        Map<String, Object> config = Map.of(
                CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG,
                (int) patience.toMillis(),
                CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG,
                (int) patience.toMillis());
        Map<String, ListConsumerGroupOffsetsSpec> groups = new HashMap<>();
        names.forEach(name -> groups.put(name, new ListConsumerGroupOffsetsSpec()));
        Admin admin = Admin.create(config);
        try {
            // Who asks for the offsets of a group, or for the epoch of a producer, asks its coordinator.
            var offsets = admin.listConsumerGroupOffsets(groups).all();
            var epochs = admin.fenceProducers(names).all();
            offsets.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            epochs.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("coordinators do not answer within {}", patience, e);
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            admin.close(Duration.ZERO);
        }
    }

    /** A name for each partition, which is where Kafka puts it. */
    private List<String> names() {
        List<String> names = new ArrayList<>();
        for (int number = 0; names.size() < partitions; number++) {
            String name = "millrace-start-" + number;
            if (Utils.abs(name.hashCode()) % partitions == names.size()) {
                names.add(name);
            }
        }
        return names;
    }
}
