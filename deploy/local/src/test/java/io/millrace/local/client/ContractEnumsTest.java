package io.millrace.local.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.Kind;
import io.millrace.schemas.Precision;
import io.millrace.schemas.PriorityClass;
import io.millrace.schemas.Spread;
import io.millrace.schemas.Workload;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The command line's copies of the contract's enums: the same names in the same order, but for those that nobody can ask for. */
class ContractEnumsTest {
    static Stream<Arguments> copies() {
        return Stream.of(
                Arguments.of(SpecOptions.KindOption.values(), Kind.values()),
                Arguments.of(SpecOptions.SpreadOption.values(), Spread.values()),
                Arguments.of(SpecOptions.PriorityOption.values(), PriorityClass.values()),
                Arguments.of(NeedOptions.PrecisionOption.values(), Precision.values()),
                Arguments.of(NeedOptions.WorkloadOption.values(), Workload.values()));
    }

    @ParameterizedTest
    @MethodSource("copies")
    void areWhatTheContractHas(Enum<?>[] copy, Enum<?>[] contract) {
        assertThat(Arrays.stream(copy).map(Enum::name))
                .containsExactlyElementsOf(Arrays.stream(contract)
                        .map(Enum::name)
                        .filter(name -> !name.equals("UNKNOWN"))
                        .toList());
    }
}
