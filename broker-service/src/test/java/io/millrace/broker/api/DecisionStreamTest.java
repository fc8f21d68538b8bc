package io.millrace.broker.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.AllocationDecision;
import io.millrace.schemas.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DecisionStreamTest {
    private final AtomicInteger written = new AtomicInteger();
    private final DecisionStream stream = new DecisionStream(2, 3, decision -> {
        written.incrementAndGet();
        return "{\"requestId\":\"" + decision.getRequestId() + "\"}";
    });

    @Test
    void aListenerGetsWhatItWantsAsServerSentEvents() throws Exception {
        try (Subscription ours = stream.subscribe("acme", "guizhou").orElseThrow();
                Subscription others = stream.subscribe("other", null).orElseThrow()) {
            stream.accept(Decisions.of("r1", Outcome.ALLOCATED), 500);
            assertThat(texts(ours)).isEqualTo("id: guizhou-7\nevent: decision\ndata: {\"requestId\":\"r1\"}\n\n");
            assertThat(others.next(0)).isInstanceOf(Subscription.Next.Silence.class);
        }
    }

    @Test
    void aMarketOfAnotherNameIsNotSent() throws Exception {
        try (Subscription gansu = stream.subscribe(null, "gansu").orElseThrow()) {
            stream.accept(Decisions.of("r1", Outcome.ALLOCATED), 500);
            assertThat(gansu.next(0)).isInstanceOf(Subscription.Next.Silence.class);
            assertThat(written).hasValue(0);
        }
    }

    @Test
    void aDecisionIsWrittenOnceForAll() throws Exception {
        try (Subscription first = stream.subscribe(null, null).orElseThrow();
                Subscription second = stream.subscribe("acme", null).orElseThrow()) {
            stream.accept(Decisions.of("r1", Outcome.ALLOCATED), 500);
            assertThat(texts(first)).isEqualTo(texts(second));
            assertThat(written).hasValue(1);
        }
    }

    @Test
    void aListenerThatLagsTooFarBehindLearnsIt() throws Exception {
        try (Subscription slow = stream.subscribe(null, null).orElseThrow()) {
            for (int i = 0; i < 4; i++) {
                stream.accept(Decisions.of("r" + i, Outcome.ALLOCATED), 500);
            }
            assertThat(slow.next(0)).isEqualTo(Subscription.End.TOO_SLOW);
            stream.accept(Decisions.of("r9", Outcome.ALLOCATED), 500);
            assertThat(slow.next(0)).isEqualTo(Subscription.End.TOO_SLOW);
        }
    }

    @Test
    void whatIsUnsentIsSentBeforeTheEnd() throws Exception {
        try (Subscription listener = stream.subscribe(null, null).orElseThrow()) {
            stream.accept(Decisions.of("r1", Outcome.ALLOCATED), 500);
            stream.close();
            assertThat(texts(listener)).contains("r1");
            assertThat(listener.next(0)).isEqualTo(Subscription.End.CLOSING);
            assertThat(stream.subscribe(null, null)).isEmpty();
        }
    }

    @Test
    void aListenerThatWaitsIsWoken() {
        try (Subscription listener = stream.subscribe(null, null).orElseThrow()) {
            CompletableFuture<String> got = CompletableFuture.supplyAsync(() -> {
                try {
                    return texts(listener);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            AllocationDecision decision = Decisions.of("r1", Outcome.ALLOCATED);
            stream.accept(decision, 500);
            assertThat(got)
                    .succeedsWithin(java.time.Duration.ofSeconds(20))
                    .asString()
                    .contains("r1");
        }
    }

    @Test
    void thereAreNoMoreListenersThanTheMost() {
        Subscription first = stream.subscribe(null, null).orElseThrow();
        assertThat(stream.subscribe(null, null)).isPresent();
        assertThat(stream.subscribe(null, null)).isEmpty();
        assertThat(stream.wants("r1")).isTrue();
        first.close();
        assertThat(stream.count()).isEqualTo(1);
        assertThat(stream.subscribe(null, null)).isPresent();
    }

    private static String texts(Subscription subscription) throws InterruptedException {
        Subscription.Next next = subscription.next(20_000);
        assertThat(next).isInstanceOf(Subscription.Next.Frames.class);
        StringBuilder text = new StringBuilder();
        ((Subscription.Next.Frames) next)
                .frames()
                .forEach(frame -> text.append(new String(frame, StandardCharsets.UTF_8)));
        return text.toString();
    }
}
