package io.millrace.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.testutil.MockSchemaRegistry;
import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.SchemaParser;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CodecTest {

    private static final String SCOPE = "codec-test";
    private static final String URL = "mock://" + SCOPE;

    private final Codecs codecs = Codecs.connect(URL);

    @AfterEach
    void forget() {
        MockSchemaRegistry.dropScope(SCOPE);
    }

    static List<Topic<?>> topics() {
        return Topics.all();
    }

    static List<Class<? extends SpecificRecord>> states() {
        return Schemas.state();
    }

    @ParameterizedTest
    @MethodSource("topics")
    void everyTopicIsReadAsItWasWritten(Topic<?> topic) {
        roundTrips(codecs.of(topic), topic.valueType());
    }

    @ParameterizedTest
    @MethodSource("states")
    void everyStateIsReadAsItWasWritten(Class<? extends SpecificRecord> type) {
        state(type);
    }

    private <V extends SpecificRecord> void state(Class<V> type) {
        Codec<V> codec = codecs.state(type);
        for (long seed = 0; seed < 200; seed++) {
            V record = new RandomRecords(seed).next(type);
            assertThat(codec.decode(codec.encode(record))).as("seed " + seed).isEqualTo(new Decoded.Value<>(record));
        }
    }

    @SuppressWarnings("unchecked") // a topic's class and codec are of the same type
    private static <V extends SpecificRecord> void roundTrips(Codec<V> codec, Class<?> type) {
        for (long seed = 0; seed < 200; seed++) {
            V record = new RandomRecords(seed).next((Class<V>) type);
            assertThat(codec.decode(codec.encode(record))).as("seed " + seed).isEqualTo(new Decoded.Value<>(record));
        }
    }

    @ParameterizedTest
    @MethodSource("topics")
    @SuppressWarnings("unchecked") // as above
    void confluentsOwnSerialisersWriteAndReadTheSameBytes(Topic<?> topic) {
        Codec<SpecificRecord> codec = (Codec<SpecificRecord>) codecs.of(topic);
        codec.encode(new RandomRecords(0).next(topic.valueType())); // registers
        Map<String, Object> config = Map.of(
                "schema.registry.url", URL,
                "auto.register.schemas", false,
                "use.latest.version", true,
                "latest.compatibility.strict", false,
                "specific.avro.reader", true,
                "specific.avro.value.type", topic.valueType().getName());
        try (KafkaAvroSerializer serializer = new KafkaAvroSerializer(registry(), config);
                KafkaAvroDeserializer deserializer = new KafkaAvroDeserializer(registry(), config)) {
            for (long seed = 0; seed < 50; seed++) {
                SpecificRecord record = new RandomRecords(seed).next(topic.valueType());
                byte[] ours = codec.encode(record);
                assertThat(ours).isEqualTo(serializer.serialize(topic.name(), record));
                assertThat(deserializer.deserialize(topic.name(), ours))
                        .as("seed " + seed)
                        .isEqualTo(record);
            }
        }
    }

    @Test
    void whatIsPublishedHasNoJavaInIt() {
        codecs.of(Topics.MARKET_EVENTS).encode(new RandomRecords(1).next(MarketEvent.class));
        assertThat(Schemas.portable(MarketEvent.class).toString())
                .doesNotContain("avro.java")
                .contains("\"doc\"");
    }

    @Test
    void nothingIsNoValue() {
        Codec<NodeReport> codec = codecs.of(Topics.TELEMETRY_REPORTS);
        assertRefused(codec, null, RejectReason.NO_VALUE, "no value");
        assertRefused(codec, new byte[0], RejectReason.NO_VALUE, "no value");
    }

    @Test
    void otherFormatsAreMalformed() {
        Codec<NodeReport> codec = codecs.of(Topics.TELEMETRY_REPORTS);
        assertRefused(
                codec, "{\"nodeId\":1}".getBytes(StandardCharsets.UTF_8), RejectReason.MALFORMED, "first byte is 123");
        assertRefused(codec, new byte[] {0, 0, 0}, RejectReason.MALFORMED, "3 bytes");
    }

    @Test
    void everyShorterOrLongerRecordIsMalformed() {
        Codec<NodeReport> codec = codecs.of(Topics.TELEMETRY_REPORTS);
        byte[] whole = codec.encode(report(8));
        for (int length = 5; length < whole.length; length++) {
            assertRefused(codec, Arrays.copyOf(whole, length), RejectReason.MALFORMED, "byte");
        }
        assertRefused(codec, Arrays.copyOf(whole, whole.length + 3), RejectReason.MALFORMED, "bytes are left");
    }

    @Test
    void anIdThatNobodyRegisteredIsUnknown() {
        byte[] bytes = withId(codecs.of(Topics.TELEMETRY_REPORTS).encode(report(1)), 4_711);
        assertRefused(codecs.of(Topics.TELEMETRY_REPORTS), bytes, RejectReason.UNKNOWN_SCHEMA, "4711");
        assertRefused(
                codecs.of(Topics.TELEMETRY_REPORTS),
                withId(bytes, -1),
                RejectReason.UNKNOWN_SCHEMA,
                "ids are positive");
    }

    @Test
    void anotherRecordIsTheWrongSchema() {
        byte[] bytes = codecs.of(Topics.TELEMETRY_CENTRES).encode(new RandomRecords(3).next(CentreReport.class));
        assertRefused(
                codecs.of(Topics.TELEMETRY_REPORTS),
                bytes,
                RejectReason.WRONG_SCHEMA,
                "is io.millrace.schemas.CentreReport, expected io.millrace.schemas.NodeReport");
    }

    @Test
    void theSameNameWithOtherFieldsIsTheWrongSchema() throws Exception {
        Schema other = SchemaBuilder.record("io.millrace.schemas.NodeReport")
                .fields()
                .requiredLong("nodeId")
                .endRecord();
        GenericRecord record = new GenericData.Record(other);
        record.put("nodeId", 1L);
        assertRefused(
                codecs.of(Topics.TELEMETRY_REPORTS),
                written(record, other),
                RejectReason.WRONG_SCHEMA,
                "cannot be read as ours");
    }

    /** Avro's own check of lists counts with the reader's fields, and would call these eight devices a lie. */
    @Test
    void listsOfAnOlderReleaseWithFewerFieldsAreRead() throws Exception {
        String json = Schemas.portable(NodeReport.class).toString();
        Schema older = SchemaParser.parseSingle(json.replaceAll(
                ",\\{\"name\":\"usedOutsideMilli\".*?\\{\"name\":\"temperatureCelsius\".*?\\}\\]\\}", "]}"));
        assertThat(older.getField("devices").schema().getElementType().getFields())
                .hasSize(1);
        GenericRecord record = new GenericData.Record(older);
        for (Schema.Field field : older.getFields()) {
            record.put(
                    field.pos(),
                    field.hasDefaultValue() ? GenericData.get().getDefaultValue(field) : sample(field.schema()));
        }
        Schema device = older.getField("devices").schema().getElementType();
        GenericRecord healthy = new GenericData.Record(device);
        healthy.put(
                "health", new GenericData.EnumSymbol(device.getField("health").schema(), "HEALTHY"));
        record.put("devices", java.util.Collections.nCopies(40, healthy));

        Decoded<NodeReport> decoded = codecs.of(Topics.TELEMETRY_REPORTS).decode(written(record, older));

        assertThat(decoded).isInstanceOf(Decoded.Value.class);
        assertThat(((Decoded.Value<NodeReport>) decoded).value().getDevices())
                .hasSize(40)
                .allSatisfy(read -> assertThat(read.getHealth()).isEqualTo(DeviceHealth.HEALTHY));
    }

    private static Object sample(Schema schema) {
        return schema.getType() == Schema.Type.STRING ? "x" : (Object) 1L;
    }

    @Test
    void aSymbolOfANewerReleaseIsUnknown() throws Exception {
        String json = Schemas.portable(NodeReport.class).toString().replace("\"FAILED\"]", "\"FAILED\",\"ON_FIRE\"]");
        Schema newer = SchemaParser.parseSingle(json);
        NodeReport report = report(1);
        GenericRecord record = generic(report, newer);
        GenericRecord device = (GenericRecord) ((List<?>) record.get("devices")).get(0);
        device.put(
                "health",
                new GenericData.EnumSymbol(device.getSchema().getField("health").schema(), "ON_FIRE"));

        Decoded<NodeReport> decoded = codecs.of(Topics.TELEMETRY_REPORTS).decode(written(record, newer));

        assertThat(((Decoded.Value<NodeReport>) decoded)
                        .value()
                        .getDevices()
                        .get(0)
                        .getHealth())
                .isEqualTo(DeviceHealth.UNKNOWN);
    }

    /** A stranger's schema may have a list in a list in a list; our reader skips it by recursion. */
    @Test
    void aRecordNestedWithoutEndIsMalformed() throws Exception {
        String json = Schemas.portable(NodeReport.class).toString();
        String recursive = json.substring(0, json.lastIndexOf(']'))
                + ",{\"name\":\"more\",\"type\":{\"type\":\"record\",\"name\":\"Box\",\"fields\":["
                + "{\"name\":\"in\",\"type\":[\"null\",\"Box\"]}]}}]}";
        Schema schema = SchemaParser.parseSingle(recursive);
        int id = registry().register("strange", new AvroSchema(schema));
        byte[] good = codecs.of(Topics.TELEMETRY_REPORTS).encode(report(0));
        byte[] deep = Arrays.copyOf(withId(good, id), good.length + 500_000);
        Arrays.fill(deep, good.length, deep.length, (byte) 2); // "the second branch", half a million times

        assertThat(codecs.of(Topics.TELEMETRY_REPORTS).decode(deep)).isInstanceOf(Decoded.Refused.class);
        assertRefused(codecs.of(Topics.TELEMETRY_REPORTS), deep, RejectReason.MALFORMED, "");
    }

    @Test
    void aRecordWithoutARequiredFieldCannotBeWritten() {
        Codec<NodeReport> codec = codecs.of(Topics.TELEMETRY_REPORTS);
        NodeReport report = report(1);
        report.put("nodeId", null);
        assertThatThrownBy(() -> codec.encode(report))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("NodeReport")
                .hasMessageContaining("nodeId");
        // and half a record does not leak into the next one
        assertThat(codec.decode(codec.encode(report(2)))).isEqualTo(new Decoded.Value<>(report(2)));
    }

    @Test
    void kafkasInterfacesPassTombstonesAndThrowForTheRest() {
        Codec<NodeReport> codec = codecs.of(Topics.TELEMETRY_REPORTS);
        assertThat(codec.serializer().serialize("any", null)).isNull();
        assertThat(codec.deserializer().deserialize("any", null)).isNull();
        assertThat(codec.serde()
                        .deserializer()
                        .deserialize("any", codec.serde().serializer().serialize("any", report(1))))
                .isEqualTo(report(1));
        assertThatThrownBy(() -> codec.deserializer().deserialize("telemetry.reports", new byte[] {1, 2}))
                .isInstanceOf(SerializationException.class)
                .hasMessageStartingWith("telemetry.reports: MALFORMED: ");
    }

    @Test
    void aClassThatIsNoStateHasNoStateCodec() {
        assertThatThrownBy(() -> codecs.state(NodeReport.class)).hasMessageContaining("Schemas.state()");
    }

    private static GenericRecord generic(NodeReport report, Schema schema) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        new org.apache.avro.specific.SpecificDatumWriter<>(NodeReport.class).write(report, encoder);
        encoder.flush();
        return new org.apache.avro.generic.GenericDatumReader<GenericRecord>(NodeReport.getClassSchema(), schema)
                .read(null, org.apache.avro.io.DecoderFactory.get().binaryDecoder(out.toByteArray(), null));
    }

    static NodeReport report(int devices) {
        NodeReport report = NodeReport.newBuilder()
                .setNodeId("guizhou/node-17")
                .setCentreId("guizhou")
                .setPoolId("a100")
                .setObservedAtMillis(1_700_000_000_000L)
                .setSequence(7)
                .setCpuTotalMillicores(96_000)
                .setMemoryTotalMib(786_432)
                .build();
        for (int i = 0; i < devices; i++) {
            report.getDevices()
                    .add(DeviceReport.newBuilder()
                            .setHealth(DeviceHealth.HEALTHY)
                            .build());
        }
        return report;
    }

    private static SchemaRegistryClient registry() {
        return Codecs.client(URL);
    }

    /** What a producer writes that has another schema. */
    private static byte[] written(GenericRecord record, Schema schema) throws Exception {
        int id = registry().register("somebody-elses-subject", new AvroSchema(schema));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
        encoder.flush();
        return out.toByteArray();
    }

    static byte[] withId(byte[] bytes, int id) {
        byte[] changed = bytes.clone();
        ByteBuffer.wrap(changed).putInt(1, id);
        return changed;
    }

    private static void assertRefused(Codec<?> codec, byte @Nullable [] bytes, RejectReason reason, String detail) {
        Decoded<?> decoded = codec.decode(bytes);
        assertThat(decoded).isInstanceOf(Decoded.Refused.class);
        Decoded.Refused<?> refused = (Decoded.Refused<?>) decoded;
        assertThat(refused.reason()).isEqualTo(reason);
        assertThat(refused.detail()).contains(detail);
    }
}
