package io.millrace.runtime;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmInfoMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.streams.KafkaStreams;

/**
 * The metrics of a process, for Prometheus. Everything carries the label {@code service}; labels take values from small
 * sets only (never an id of a request, node or tenant), because each value is a time series for good. Thread-safe.
 */
public final class Metrics implements AutoCloseable {

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Deque<AutoCloseable> bound = new ArrayDeque<>();

    /** Makes the metrics of a service, with those of its JVM. */
    public Metrics(String service) {
        registry.config().commonTags("service", service);
        // Streams makes a new one at each start: a set of series that nobody ever asks for again.
        registry.config().meterFilter(MeterFilter.ignoreTags("process.id"));
        bind(new JvmInfoMetrics());
        bind(new JvmMemoryMetrics());
        bind(new JvmGcMetrics());
        bind(new JvmThreadMetrics());
        bind(new ProcessorMetrics());
        bind(new FileDescriptorMetrics());
        bind(new UptimeMetrics());
    }

    /** Returns the registry to add meters to. */
    public PrometheusMeterRegistry registry() {
        return registry;
    }

    /**
     * Adds the metrics of a Streams application with its clients; call before it starts.
     *
     * @return takes them away again when it is closed, which need not be done
     */
    public KafkaStreamsMetrics bind(KafkaStreams streams) {
        KafkaStreamsMetrics binder = new KafkaStreamsMetrics(streams);
        bind((MeterBinder) binder);
        return binder;
    }

    /** Adds the metrics of a producer. */
    public void bind(Producer<?, ?> producer) {
        bind(new KafkaClientMetrics(producer));
    }

    /** Adds the metrics of a consumer. */
    public void bind(Consumer<?, ?> consumer) {
        bind(new KafkaClientMetrics(consumer));
    }

    /** Adds the metrics of an admin client. */
    public void bind(AdminClient admin) {
        bind(new KafkaClientMetrics(admin));
    }

    private synchronized void bind(MeterBinder binder) {
        binder.bindTo(registry);
        if (binder instanceof AutoCloseable closeable) {
            bound.push(closeable);
        }
    }

    /** Returns everything in the text format of Prometheus. */
    public String scrape() {
        return registry.scrape();
    }

    @Override
    public synchronized void close() {
        for (AutoCloseable closeable : bound) {
            try {
                closeable.close();
            } catch (Exception e) {
                throw new IllegalStateException("closing metrics", e);
            }
        }
        bound.clear();
        registry.close();
    }
}
