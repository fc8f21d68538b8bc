package io.millrace.runtime;

import io.millrace.schemas.RegistryUnavailableException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for the schema registry, in the stream thread that needs it, for as long as it takes: when the group has given
 * the thread up in the meantime, Kafka hands its partitions to others, who wait as well, and nothing was committed.
 * Waiting stops when the service stops. Thread-safe.
 */
public final class Patience implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Patience.class);
    private static final long FIRST_WAIT_MILLIS = 100;
    private static final long LONGEST_WAIT_MILLIS = 5_000;

    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Runnable counter;

    /**
     * Makes one for a service.
     *
     * @param counter called for each wait
     */
    public Patience(Runnable counter) {
        this.counter = counter;
    }

    <T> T retry(RegistryUnavailableException first, Supplier<T> again) {
        RegistryUnavailableException last = first;
        for (long wait = FIRST_WAIT_MILLIS; ; wait = Math.min(2 * wait, LONGEST_WAIT_MILLIS)) {
            counter.run();
            LOG.warn("waiting {} ms for the schema registry: {}", wait, last.getMessage());
            pause(wait, last);
            try {
                return again.get();
            } catch (RegistryUnavailableException e) {
                last = e;
            }
        }
    }

    private void pause(long millis, RegistryUnavailableException why) {
        try {
            if (stopped.await(millis, TimeUnit.MILLISECONDS)) {
                throw why;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw why;
        }
    }

    @Override
    public void close() {
        stopped.countDown();
    }
}
