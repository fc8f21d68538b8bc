package io.millrace.broker.settlement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.broker.placement.OfferCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriceTest {
    private static final long TEN_YEARS_MILLIS = 10L * 366 * 24 * 3_600_000;

    @ParameterizedTest(name = "{0} per hour for {1} ms is {2}")
    @CsvSource({
        "0, 3600000, 0",
        "10, 0, 0",
        "10, 3600000, 10",
        "10, 3599999, 9",
        "1, 7199999, 1",
        "12345678901, 1, 3429",
        "100000000000000, 316224000000, 8784000000000000000",
        "9223372036854775807, 3600000, 9223372036854775807"
    })
    void roundsDown(long priceMicroCnyPerHour, long millis, long cost) {
        assertThat(Price.cost(priceMicroCnyPerHour, millis)).isEqualTo(cost);
    }

    @Test
    void theDearestNodeForTheLongestTermFitsALong() {
        long devices = OfferCheck.MAX_DEVICES * OfferCheck.MAX_PRICE_MICRO_CNY_PER_DEVICE_HOUR;
        long cores = OfferCheck.MAX_CPU_MILLICORES / 1000 * OfferCheck.MAX_PRICE_MICRO_CNY_PER_CORE_HOUR;
        assertThat(Price.cost(devices, TEN_YEARS_MILLIS)).isPositive();
        assertThat(Price.cost(cores, TEN_YEARS_MILLIS)).isPositive();
    }

    @Test
    void whatFitsNoLongIsAnErrorAndNotAnotherNumber() {
        assertThatThrownBy(() -> Price.cost(Long.MAX_VALUE, 3_600_001)).isInstanceOf(ArithmeticException.class);
    }
}
