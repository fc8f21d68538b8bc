package io.millrace.local.up;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Turns Ctrl-C and SIGTERM into an orderly stop. A JVM that is told to end runs its shutdown hooks and halts when they return:
 * this hook asks for the stop and returns when it is done, or when it takes too long.
 */
final class StopSignal {
    private static final String ASKED = "asked to";
    private static final Duration LONGEST_STOP = Duration.ofSeconds(30);

    private final CompletableFuture<Void> done = new CompletableFuture<>();

    private StopSignal() {}

    /**
     * Listens from now on.
     *
     * @param stop completed when the process is asked to end
     */
    static StopSignal install(CompletableFuture<String> stop) {
        StopSignal signal = new StopSignal();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            ask(stop);
                            signal.done
                                    .completeOnTimeout(null, LONGEST_STOP.toMillis(), TimeUnit.MILLISECONDS)
                                    .join();
                        },
                        "stop-signal"));
        return signal;
    }

    /** Ends it in good order. */
    static void ask(CompletableFuture<String> stop) {
        stop.complete(ASKED);
    }

    /** Whether it was a person who ended it, and no failure. */
    static boolean wasAsked(CompletableFuture<String> stop) {
        return ASKED.equals(stop.getNow(""));
    }

    /** Everything is stopped: the process may end. */
    void done() {
        done.complete(null);
    }
}
