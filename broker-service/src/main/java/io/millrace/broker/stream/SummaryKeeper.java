package io.millrace.broker.stream;

import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/** Keeps the newest record of each key in a global store, as it came: of keys with a prefix, and of no others. */
final class SummaryKeeper implements Processor<String, byte[], Void, Void> {
    private final String storeName;
    private final String prefix;
    private KeyValueStore<String, byte[]> store;

    SummaryKeeper(String storeName, String prefix) {
        this.storeName = storeName;
        this.prefix = prefix;
    }

    @Override
    public void init(ProcessorContext<Void, Void> context) {
        store = context.getStateStore(storeName);
    }

    @Override
    public void process(Record<String, byte[]> record) {
        if (record.key() != null && record.key().startsWith(prefix)) {
            store.put(record.key(), record.value());
        }
    }
}
