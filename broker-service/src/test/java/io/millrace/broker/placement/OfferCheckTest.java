package io.millrace.broker.placement;

import static io.millrace.broker.placement.NodeOfferBuilder.node;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What no offer may be like. */
class OfferCheckTest {

    @Test
    void acceptsTheLargest() {
        assertThat(OfferCheck.problem(node("a")
                        .gpus(OfferCheck.MAX_DEVICES)
                        .millicores(OfferCheck.MAX_CPU_MILLICORES)
                        .mib(OfferCheck.MAX_MEMORY_MIB)
                        .storage(OfferCheck.MAX_STORAGE_GIB, OfferCheck.MAX_STORAGE_MIB_PER_SECOND)
                        .devicePrice(OfferCheck.MAX_PRICE_MICRO_CNY_PER_DEVICE_HOUR)
                        .corePrice(OfferCheck.MAX_PRICE_MICRO_CNY_PER_CORE_HOUR)
                        .offer()))
                .isNull();
        assertThat(OfferCheck.problem(node("a")
                        .gpus(0)
                        .millicores(0)
                        .mib(0)
                        .devicePrice(0)
                        .corePrice(0)
                        .offer()))
                .isNull();
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                Arguments.of(node("a").gpus(1025), "number of devices is 1025, must be 0 to 1024"),
                Arguments.of(
                        node("a").gpuMilli(0, 1000, -1), "deviceSellableMilli of device 2 is -1, must be 0 to 1000"),
                Arguments.of(node("a").gpuMilli(1001), "deviceSellableMilli of device 0 is 1001, must be 0 to 1000"),
                Arguments.of(node("a").millicores(-1), "cpuTotalMillicores is -1, must be 0 to 100000000"),
                Arguments.of(
                        node("a").sellsMillicores(100_000_001),
                        "cpuSellableMillicores is 100000001, must be 0 to 100000000"),
                Arguments.of(node("a").mib(-5), "memoryTotalMib is -5, must be 0 to 1073741824"),
                Arguments.of(node("a").sellsMib(-5), "memorySellableMib is -5, must be 0 to 1073741824"),
                Arguments.of(node("a").storage(-1, 0), "storageTotalGib is -1, must be 0 to 1073741824"),
                Arguments.of(
                        node("a").storage(0, Long.MAX_VALUE),
                        "storageTotalMibPerSecond is 9223372036854775807, must be 0 to 1073741824"),
                Arguments.of(node("a").sellsStorage(-1, 0), "storageSellableGib is -1, must be 0 to 1073741824"),
                Arguments.of(
                        node("a").sellsStorage(0, -1), "storageSellableMibPerSecond is -1, must be 0 to 1073741824"),
                Arguments.of(
                        node("a").devicePrice(Long.MAX_VALUE),
                        "priceMicroCnyPerDeviceHour is 9223372036854775807, must be 0 to 100000000000"),
                Arguments.of(node("a").corePrice(-1), "priceMicroCnyPerCoreHour is -1, must be 0 to 1000000000"),
                Arguments.of(
                        node("a").storagePrice(1_000_001), "priceMicroCnyPerGibHour is 1000001, must be 0 to 1000000"),
                Arguments.of(
                        node("a")
                                .storage(0, 0)
                                .sellsStorage(OfferCheck.MAX_STORAGE_GIB, 1)
                                .storagePrice(1_000_000),
                        "what all of the node asks for an hour, in millionths of a CNY, is 1073741904000000,"
                                + " must be 0 to 105000000000000"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void namesWhatIsWrong(NodeOfferBuilder node, String problem) {
        assertThat(OfferCheck.problem(node.offer())).isEqualTo(problem);
    }
}
