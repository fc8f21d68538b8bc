package io.millrace.ingest.stream;

import java.util.function.Function;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * A processor whose living part is made when Streams hands it a context: with final fields, and anew whenever a task
 * comes to life again. One thread.
 */
final class TaskProcessor<K extends @Nullable Object, V extends @Nullable Object, O> implements Processor<K, V, O, O> {
    /** The living part. */
    interface Task<K extends @Nullable Object, V extends @Nullable Object> extends AutoCloseable {
        void process(Record<K, V> record);

        @Override
        default void close() {}
    }

    private final Function<ProcessorContext<O, O>, Task<K, V>> maker;
    private @Nullable Task<K, V> task;

    TaskProcessor(Function<ProcessorContext<O, O>, Task<K, V>> maker) {
        this.maker = maker;
    }

    @Override
    public void init(ProcessorContext<O, O> context) {
        close();
        task = maker.apply(context);
    }

    @Override
    public void process(Record<K, V> record) {
        Task<K, V> living = task;
        if (living == null) {
            throw new IllegalStateException("a record before init");
        }
        living.process(record);
    }

    @Override
    public void close() {
        Task<K, V> living = task;
        if (living != null) {
            living.close();
            task = null;
        }
    }
}
