package io.millrace.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.confluent.kafka.schemaregistry.testutil.MockSchemaRegistry;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Hostile bytes are answered, never thrown for, and never make much memory. */
class CodecFuzzTest {

    private static final String SCOPE = "codec-fuzz-test";
    private static final int ROUNDS = 4_000;
    /** A record of a few hundred bytes may become so many bytes of objects, and no more. */
    private static final long MAX_ALLOCATED_BYTES = 4 << 20;

    private static final Codecs CODECS = Codecs.connect("mock://" + SCOPE);

    @AfterAll
    static void forget() {
        MockSchemaRegistry.dropScope(SCOPE);
    }

    static List<Topic<?>> topics() {
        return Topics.all();
    }

    @ParameterizedTest
    @MethodSource("topics")
    void mutatedRecordsAreAnswered(Topic<?> topic) {
        fuzz(topic);
    }

    private static <V extends SpecificRecord> void fuzz(Topic<V> topic) {
        Codec<V> codec = CODECS.of(topic);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        codec.decode(codec.encode(new RandomRecords(0).next(topic.valueType()))); // classes and plans are made now
        int refused = 0;
        for (long seed = 0; seed < ROUNDS; seed++) {
            Random random = new Random(seed);
            byte[] bytes = mutate(codec.encode(new RandomRecords(seed).next(topic.valueType())), random);
            long before = threads.getCurrentThreadAllocatedBytes();
            Decoded<V> decoded;
            try {
                decoded = codec.decode(bytes);
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed " + seed + " of " + topic, e);
            }
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertThat(allocated)
                    .as("bytes made for seed %d of %s", seed, topic)
                    .isLessThan(MAX_ALLOCATED_BYTES);
            if (decoded instanceof Decoded.Refused<V> no) {
                refused++;
                assertThat(no.detail()).as("seed %d of %s", seed, topic).isNotBlank();
            } else {
                // What is let in is whole: it can be written and read again.
                V value = ((Decoded.Value<V>) decoded).value();
                assertThat(codec.decode(codec.encode(value)))
                        .as("seed " + seed + " of " + topic)
                        .isEqualTo(new Decoded.Value<>(value));
            }
        }
        assertThat(refused).as("mutations that were refused").isGreaterThan(ROUNDS / 10);
    }

    private static byte[] mutate(byte[] good, Random random) {
        byte[] bytes = good;
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            int at = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
            bytes = switch (random.nextInt(6)) {
                case 0 -> flip(bytes, at, (byte) (1 << random.nextInt(8)));
                case 1 -> Arrays.copyOf(bytes, at);
                case 2 -> insert(bytes, at, (byte) random.nextInt());
                // a length as large as they come, as an int and as a long
                case 3 -> insert(bytes, at, (byte) -1, (byte) -1, (byte) -1, (byte) -1, (byte) 15);
                case 4 ->
                    insert(
                            bytes, at, (byte) -2, (byte) -1, (byte) -1, (byte) -1, (byte) -1, (byte) -1, (byte) -1,
                            (byte) -1, (byte) -1, (byte) 1);
                default -> Arrays.copyOf(bytes, bytes.length + random.nextInt(20));
            };
        }
        return bytes;
    }

    private static byte[] flip(byte[] bytes, int at, byte mask) {
        byte[] changed = bytes.clone();
        if (at < changed.length) {
            changed[at] ^= mask;
        }
        return changed;
    }

    private static byte[] insert(byte[] bytes, int at, byte... added) {
        byte[] changed = new byte[bytes.length + added.length];
        System.arraycopy(bytes, 0, changed, 0, at);
        System.arraycopy(added, 0, changed, at, added.length);
        System.arraycopy(bytes, at, changed, at + added.length, bytes.length - at);
        return changed;
    }

    @Test
    void aListThatClaimsTheWholeMemoryIsRefusedWithoutIt() {
        Codec<CentreProfile> codec = CODECS.of(Topics.CENTRES_PROFILES);
        CentreProfile profile = CentreProfile.newBuilder()
                .setCentreId("c")
                .setName("")
                .setHubId("")
                .setUpdatedAtMillis(0)
                .build();
        byte[] good = codec.encode(profile);
        // id "c", empty name, empty hub, first symbol: then the list of pools, here with a billion elements
        int pools = 5 + 2 + 1 + 1 + 1;
        byte[] bad = insert(good, pools, (byte) -128, (byte) -128, (byte) -128, (byte) -128, (byte) 8);
        assertThat(codec.decode(bad)).isInstanceOfSatisfying(Decoded.Refused.class, refused -> {
            assertThat(refused.reason()).isEqualTo(RejectReason.MALFORMED);
            assertThat(refused.detail()).contains("a list claims 1073741824 elements");
        });
    }
}
