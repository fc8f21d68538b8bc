package io.millrace.broker.market;

import static io.millrace.broker.market.SpecBuilder.gpus;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTableTest {
    private final RequestTable table = new RequestTable();
    private final Map<String, Request> expected = new HashMap<>();

    @Test
    void whatIsNotThereIsNotFound() {
        assertThat(table.get("r1")).isNull();
        table.remove("r1");
        assertThat(table.all()).isEmpty();
        Iterator<Request> none = table.all().iterator();
        assertThatThrownBy(none::next).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void theSameIdAgainTakesThePlaceOfTheFirst() {
        table.put(request("r1", 1));
        table.put(request(String.valueOf(new char[] {'r', '1'}), 2));
        assertThat(table.all()).hasSize(1);
        assertThat(table.get("r1")).isEqualTo(request("r1", 2));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 20, 3000})
    void holdsWhatAMapHolds(int ids) {
        turnOver(ids, i -> "request-" + i);
    }

    /** "Aa" and "BB" hash alike, and so do all strings of as many of them. */
    @Test
    void holdsWhatAMapHoldsIfAllHashAlike() {
        turnOver(64, i -> {
            StringBuilder id = new StringBuilder();
            for (int bit = 0; bit < 6; bit++) {
                id.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            return id.toString();
        });
    }

    private void turnOver(int ids, IntFunction<String> idOf) {
        SplittableRandom random = new SplittableRandom(ids);
        for (int step = 0; step < 40 * ids; step++) {
            String id = idOf.apply(random.nextInt(ids));
            if (random.nextInt(100) < 45) {
                table.remove(id);
                expected.remove(id);
            } else {
                Request request = request(id, step);
                table.put(request);
                expected.put(id, request);
            }
            assertThat(table.get(id)).isSameAs(expected.get(id));
        }
        for (int i = 0; i < ids; i++) {
            assertThat(table.get(idOf.apply(i))).isSameAs(expected.get(idOf.apply(i)));
        }
        assertThat(table.all()).containsExactlyInAnyOrderElementsOf(expected.values());
    }

    private static Request request(String id, long sequence) {
        return Request.refused(
                new Event.Refused(id, "account", gpus(1).spec(), Reason.INVALID, Explanation.of("asked nothing")),
                0,
                sequence,
                sequence,
                0);
    }
}
