package io.millrace.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.avro.data.TimeConversions;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

/**
 * Compares records as their schema says. Their own {@code equals} cannot: the list that Avro reads an array into compares
 * its elements without the conversions of logical types, and fails where a time is nested in one.
 */
final class SameRecord {
    private static final SpecificData DATA = new SpecificData();

    static {
        DATA.addLogicalTypeConversion(new TimeConversions.TimestampMillisConversion());
    }

    private SameRecord() {}

    /** Asserts that what was read is the record. */
    static <V extends SpecificRecord> void assertRead(Decoded<V> read, SpecificRecord record, String what) {
        assertThat(read).as(what).isInstanceOfSatisfying(Decoded.Value.class, value -> {
            assertThat(value.value()).as(what).isInstanceOf(record.getClass());
            assertSame(value.value(), record, what);
        });
    }

    /** Asserts that both are the same. */
    static void assertSame(Object read, SpecificRecord record, String what) {
        assertThat(DATA.compare(read, record, record.getSchema()))
                .as("%s: %s and %s", what, read, record)
                .isZero();
    }
}
