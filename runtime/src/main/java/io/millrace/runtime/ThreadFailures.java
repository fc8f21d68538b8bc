package io.millrace.runtime;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what follows when a stream thread dies: another takes its place, later each time; when too many died within ten
 * minutes the application stops, which {@link Health} shows. Whatever killed one thread may kill the next, and a process that
 * dies and revives for ever looks alive. Called by dying threads; thread-safe.
 */
final class ThreadFailures implements StreamsUncaughtExceptionHandler {

    static final int MAX_IN_WINDOW = 10;
    static final Duration WINDOW = Duration.ofMinutes(10);

    private static final Logger LOG = LoggerFactory.getLogger(ThreadFailures.class);
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final int MAX_CAUSES = 50;
    private static final long LONGEST_PAUSE_MILLIS = 10_000;

    private final String name;
    private final int max;
    private final LongConsumer pause;
    private final Counter replaced;
    private final Counter gaveUp;
    private final Deque<Long> deathsNanos = new ArrayDeque<>();
    private volatile @Nullable String last;

    ThreadFailures(String name, MeterRegistry registry) {
        this(
                name,
                registry,
                MAX_IN_WINDOW,
                millis -> LockSupport.parkNanos(Duration.ofMillis(millis).toNanos()));
    }

    /**
     * For tests.
     *
     * @param max deaths in a window that are forgiven
     * @param pause waits so many milliseconds
     */
    ThreadFailures(String name, MeterRegistry registry, int max, LongConsumer pause) {
        this.name = name;
        this.max = max;
        this.pause = pause;
        this.replaced = counter(registry, "replaced");
        this.gaveUp = counter(registry, "gave_up");
    }

    private static Counter counter(MeterRegistry registry, String action) {
        return Counter.builder("millrace.streams.thread.failures")
                .description("Stream threads that died, by what followed")
                .tag("action", action)
                .register(registry);
    }

    @Override
    public StreamThreadExceptionResponse handle(Throwable error) {
        String summary = summary(error);
        last = summary;
        int deaths = deathsInWindow(System.nanoTime());
        if (deaths > max) {
            gaveUp.increment();
            LOG.error(
                    "streams {}: {} threads died within {} min, stopping: {}",
                    name,
                    deaths,
                    WINDOW.toMinutes(),
                    summary);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        replaced.increment();
        LOG.error("streams {}: a thread died and is replaced ({} of {}): {}", name, deaths, max, summary);
        LOG.debug("streams {}: stack of the thread that died", name, error);
        pause.accept(pauseMillis(deaths));
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    private synchronized int deathsInWindow(long now) {
        deathsNanos.addLast(now);
        while (now - deathsNanos.getFirst() > WINDOW.toNanos()) {
            deathsNanos.removeFirst();
        }
        return deathsNanos.size();
    }

    /** Doubles with each death: a registry or broker that is away gets time to come back. */
    static long pauseMillis(int deaths) {
        return Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(deaths - 1, 20));
    }

    Optional<String> last() {
        return Optional.ofNullable(last);
    }

    /** One line: the innermost cause, which Streams wraps, and where in our code it was. */
    static String summary(Throwable error) {
        Throwable root = error;
        for (int depth = 0; depth < MAX_CAUSES && root.getCause() != null; depth++) {
            root = root.getCause();
        }
        StringBuilder text = new StringBuilder(oneLine(root));
        for (StackTraceElement frame : root.getStackTrace()) {
            if (frame.getClassName().startsWith("io.millrace.")) {
                text.append(" at ").append(frame);
                break;
            }
        }
        if (error instanceof StreamsException streams && streams.taskId().isPresent()) {
            text.append(" in task ").append(streams.taskId().get());
        }
        return text.toString();
    }

    private static String oneLine(Throwable error) {
        return error.toString().replaceAll("\\s*[\\r\\n]+\\s*", " ");
    }
}
