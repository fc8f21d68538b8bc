package io.millrace.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class SchemaIdsTest {

    private static final Schema SCHEMA = Schemas.portable(CentreReport.class);

    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicLong nanos = new AtomicLong(123);
    private final Counting registry = new Counting();
    private final SchemaIds ids = new SchemaIds(registry, false, nanos::get);

    private final class Counting extends MockSchemaRegistryClient {
        @Override
        public ParsedSchema getSchemaById(int id) throws IOException, RestClientException {
            asked.incrementAndGet();
            return super.getSchemaById(id);
        }
    }

    @Test
    void anUnknownIdIsAskedOnceInAWhile() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(ids.find(7)).isInstanceOf(SchemaIds.Found.Unknown.class);
        }
        assertThat(asked).hasValue(1);
        nanos.addAndGet(SchemaIds.MISS_NANOS);
        ids.find(7);
        assertThat(asked).hasValue(2);
    }

    @Test
    void anIdRegisteredLateIsFoundAfterTheWhile() throws Exception {
        assertThat(ids.find(1)).isInstanceOf(SchemaIds.Found.Unknown.class);
        assertThat(registry.register("late", new AvroSchema(SCHEMA))).isEqualTo(1);
        nanos.addAndGet(SchemaIds.MISS_NANOS);
        assertThat(ids.find(1)).isEqualTo(new SchemaIds.Found.Known(SCHEMA));
    }

    @Test
    void aFloodOfMadeUpIdsDoesNotReachTheRegistry() {
        for (int id = 1_000_000; id < 1_100_000; id++) {
            assertThat(ids.find(id)).isInstanceOf(SchemaIds.Found.Unknown.class);
        }
        assertThat(asked).hasValue(SchemaIds.IMPLAUSIBLE_LOOKUPS);
        // and those next in the row are still heard
        int before = asked.get();
        ids.find(3);
        assertThat(asked).hasValue(before + 1);
        nanos.addAndGet(SchemaIds.MISS_NANOS);
        ids.find(2_000_000);
        assertThat(asked).hasValue(before + 2);
    }

    @Test
    void aSchemaThatIsNotRegisteredSaysSo() {
        assertThatThrownBy(() -> ids.idOf("telemetry.centres-value", SCHEMA))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("io.millrace.schemas.CentreReport")
                .hasMessageContaining("telemetry.centres-value")
                .hasMessageContaining("install the contract");
    }
}
