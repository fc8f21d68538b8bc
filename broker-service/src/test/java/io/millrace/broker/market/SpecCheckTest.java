package io.millrace.broker.market;

import static io.millrace.broker.market.SpecBuilder.gpus;
import static io.millrace.broker.market.SpecBuilder.millicores;
import static io.millrace.broker.market.SpecBuilder.share;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.catalogue.Need;
import io.millrace.broker.catalogue.Precision;
import io.millrace.broker.placement.Kind;
import io.millrace.broker.placement.Spread;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What no request may be like, and in what words it is told. */
class SpecCheckTest {

    static Stream<SpecBuilder> right() {
        return Stream.of(
                gpus(1),
                share(1),
                share(1000),
                millicores(1),
                gpus(SpecCheck.MAX_DEVICES).replicas(SpecCheck.MAX_REPLICAS),
                gpus(1).cpu(0).mib(0),
                gpus(1).cpu(SpecCheck.MAX_CPU_MILLICORES).mib(SpecCheck.MAX_MEMORY_MIB),
                gpus(1).storage(SpecCheck.MAX_STORAGE_GIB, SpecCheck.MAX_STORAGE_MIB_PER_SECOND),
                gpus(1).storage(0, 1),
                gpus(1).seconds(1).waits(0),
                gpus(1).seconds(SpecCheck.MAX_DURATION_SECONDS).waits(SpecCheck.MAX_WAIT_SECONDS),
                gpus(1).maxPrice(0),
                gpus(1).models("A100-80G 液冷", "x".repeat(SpecCheck.MAX_TEXT)),
                gpus(1).near("gansu", null),
                gpus(1).near("gansu", 1L),
                gpus(1).data("gansu", SitingCheck.MAX_DATA_GIB),
                gpus(1).weighing("CARBON", 0),
                gpus(1).kind(Kind.QUANTUM),
                gpus(1).replicas(4).minReplicas(4).spread(Spread.MARKET),
                gpus(1).kind(Kind.QUANTUM)
                        .shots(1_000_000_000_000L, 100, 999_999)
                        .seconds(1),
                gpus(1).or(3, "A100", "H100").or(1, "B200").minReplicas(1),
                gpus(8).models("A100").need(need(Precision.BF16, 1, 20_000_000)).or(3, "A100"));
    }

    @ParameterizedTest
    @MethodSource("right")
    void nothingIsWrongWith(SpecBuilder spec) {
        assertThat(SpecCheck.problems("r-1.a_B:9", "acme", spec.spec())).isEmpty();
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                Arguments.of(gpus(1).replicas(0), "replicas is 0, must be 1 to 10000"),
                Arguments.of(gpus(1).near("", null), "siting.usersHub has 0 characters, must have 1 to 128"),
                Arguments.of(gpus(1).near("gansu", 0L), "siting.latencyLimitMicros is 0, must be 1 to 10000000"),
                Arguments.of(
                        gpus(1).siting(new Siting(null, 5_000L, null, 0, List.of())),
                        "siting.latencyLimitMicros is 5000 and usersHub is missing: latency to whom?"),
                Arguments.of(
                        gpus(1).siting(new Siting(null, null, null, 9, List.of())),
                        "siting.dataGib is 9 and dataHub is missing: data from where?"),
                Arguments.of(gpus(1).data("gansu", -1), "siting.dataGib is -1, must be 0 to 1000000000"),
                Arguments.of(
                        gpus(1).weighing("ROOM", 1),
                        "siting.weights names ROOM, must name one of [PRICE, EGRESS, LATENCY, ENERGY, CARBON, CONFIDENCE]"),
                Arguments.of(
                        gpus(1).weighing("CARBON", -1), "siting.weights.weightPermille is -1, must be 0 to 1000000"),
                Arguments.of(
                        gpus(1).siting(new Siting(
                                null,
                                null,
                                null,
                                0,
                                List.of(new Siting.Weight("PRICE", 1), new Siting.Weight("PRICE", 1)))),
                        "siting.weights names PRICE twice"),
                Arguments.of(gpus(1).replicas(10_001), "replicas is 10001, must be 1 to 10000"),
                Arguments.of(gpus(-1), "devices is -1, must be 0 to 1024"),
                Arguments.of(gpus(1025), "devices is 1025, must be 0 to 1024"),
                Arguments.of(share(0), "milliPerDevice is 0, must be 1 to 1000"),
                Arguments.of(share(1001), "milliPerDevice is 1001, must be 1 to 1000"),
                Arguments.of(gpus(1).cpu(-1), "cpuMillicores is -1, must be 0 to 1000000000"),
                Arguments.of(gpus(1).mib(Long.MAX_VALUE), "memoryMib is 9223372036854775807, must be 0 to 1000000000"),
                Arguments.of(gpus(1).storage(-1, 0), "storageGib is -1, must be 0 to 1000000000"),
                Arguments.of(
                        gpus(1).storage(Long.MAX_VALUE, 0),
                        "storageGib is 9223372036854775807, must be 0 to 1000000000"),
                Arguments.of(gpus(1).storage(0, -1), "storageMibPerSecond is -1, must be 0 to 1000000000"),
                Arguments.of(
                        gpus(1).storage(1, 1_000_000_001),
                        "storageMibPerSecond is 1000000001, must be 0 to 1000000000"),
                Arguments.of(gpus(1).seconds(0), "durationSeconds is 0, must be 1 to 316224000"),
                Arguments.of(gpus(1).waits(-1), "maxWaitSeconds is -1, must be 0 to 31622400"),
                Arguments.of(gpus(1).maxPrice(-1), "maxPriceMicroCnyPerHour is -1, must be 0 to 9223372036854775807"),
                Arguments.of(gpus(1).models("A100", ""), "models has an entry of 0 characters, must have 1 to 128"),
                Arguments.of(gpus(1).hubs("x".repeat(129)), "hubs has an entry of 129 characters, must have 1 to 128"),
                Arguments.of(
                        gpus(1).models(Collections.nCopies(65, "A100").toArray(String[]::new)),
                        "models has 65 entries, may have 64"),
                Arguments.of(
                        gpus(1).kind(Kind.UNKNOWN),
                        "kind is UNKNOWN, must be a kind that is known here, or none for any"),
                Arguments.of(
                        gpus(2).milliPerDevice(500),
                        "milliPerDevice is 500 with 2 devices: only a single device can be shared"),
                Arguments.of(gpus(1).replicas(2).minReplicas(3), "minReplicas is 3, must be 0 to 2"),
                Arguments.of(gpus(1).replicas(2).minReplicas(-1), "minReplicas is -1, must be 0 to 2"),
                Arguments.of(
                        gpus(1).models("H100").or(1, "A100"),
                        "models is given besides alternatives, which have their own"),
                Arguments.of(
                        gpus(1).replicas(2).or(1, "A100"), "replicas is 2 besides alternatives, which have their own"),
                Arguments.of(gpus(1).or(1), "alternatives[0].models is empty, must name a model"),
                Arguments.of(
                        gpus(1).or(1, "A100").or(2, "H100", "A100"),
                        "alternatives[1].models has A100 for the second time"),
                Arguments.of(gpus(1).or(1, "A100").or(0, "H100"), "alternatives[1].replicas is 0, must be 1 to 10000"),
                Arguments.of(
                        gpus(1).or(4, "A100").or(1, "H100").minReplicas(2),
                        "alternatives[1].replicas is 1, must be 2 to 10000"),
                Arguments.of(
                        gpus(1).or(1, ""), "alternatives[0].models has an entry of 0 characters, must have 1 to 128"),
                Arguments.of(
                        millicores(1).or(1, "A100"),
                        "alternatives name device models, and devices is 0: say how many a replica has"),
                Arguments.of(
                        millicores(1).need(need(Precision.FP64, 0, 0)),
                        "need is about devices, and devices is 0: say how many a replica has"),
                Arguments.of(gpus(1).need(need(null, 5, 0)), "need asks for throughput and names no precision"),
                Arguments.of(
                        gpus(1).need(need(null, 0, 0)),
                        "need asks for nothing: name a precision, a workload or deviceMemoryGib"),
                Arguments.of(
                        gpus(1).need(need(Precision.UNKNOWN, 0, 0)),
                        "need.precision or need.workload is UNKNOWN, must be one that is known here, or none"),
                Arguments.of(
                        gpus(1).need(need(Precision.FP16, -1, 0)),
                        "need.gigaOpsPerDevice is -1, must be 0 to 1000000000000000"),
                Arguments.of(
                        gpus(1).replicas(2).need(need(Precision.FP16, 0, 1)),
                        "replicas is 2, and follows from need.gigaOpsInTotal: leave it out"),
                Arguments.of(
                        gpus(1).minReplicas(1).need(need(Precision.FP16, 0, 1)),
                        "minReplicas is 1, and need.gigaOpsInTotal says what is the least"),
                Arguments.of(
                        gpus(1).kind(Kind.SUPER).shots(1, 1, 0),
                        "quantum is asked with kind SUPER, must be QUANTUM or none"),
                Arguments.of(
                        gpus(2).shots(1, 1, 0),
                        "quantum is asked with replicas 1, devices 2, milliPerDevice 1000: shots run on one whole processor"),
                Arguments.of(
                        gpus(1).shots(1, 1, 0).or(1, "A100"),
                        "quantum is asked besides need or alternatives, which are about other devices"),
                Arguments.of(gpus(1).shots(1, 0, 0), "quantum.qubits is 0, must be 1 to 100000000"),
                Arguments.of(
                        gpus(1).shots(1, 1, 1_000_001), "quantum.twoQubitFidelityPpm is 1000001, must be 0 to 1000000"),
                Arguments.of(gpus(1).shots(0, 1, 0), "quantum.shots is 0, must be 1 to 1000000000000"),
                Arguments.of(millicores(0), "neither devices nor cpuMillicores: nothing to compute on is asked"));
    }

    private static Need need(@Nullable Precision precision, long perDevice, long inTotal) {
        return new Need(precision, perDevice, inTotal, 0, null);
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void namesWhatIsWrong(SpecBuilder spec, String problem) {
        assertThat(SpecCheck.problems("r1", "acme", spec.spec())).containsExactly(problem);
        assertThat(SpecCheck.problem("r1", "acme", spec.spec())).isEqualTo(problem);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            ""    | requestId has 0 characters, must have 1 to 128
            a/b   | requestId has a character at 1 that is not a letter, digit or one of . _ - :
            "a b" | requestId has a character at 1 that is not a letter, digit or one of . _ - :
            üb    | requestId has a character at 0 that is not a letter, digit or one of . _ - :
            """)
    void namesWhatIsWrongWithAnId(String id, String problem) {
        assertThat(SpecCheck.problems(id, "acme", gpus(1).spec())).containsExactly(problem);
        assertThat(SpecCheck.problems("r1", id, gpus(1).spec()))
                .containsExactly(problem.replace("requestId", "accountId"));
    }

    @Test
    void namesAllThatIsWrongInTheOrderOfTheFields() {
        assertThat(SpecCheck.problems(
                        "", "acme", gpus(9_999).replicas(0).seconds(-7).spec()))
                .containsExactly(
                        "requestId has 0 characters, must have 1 to 128",
                        "replicas is 0, must be 1 to 10000",
                        "devices is 9999, must be 0 to 1024",
                        "durationSeconds is -7, must be 1 to 316224000");
    }
}
