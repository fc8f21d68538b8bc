package io.millrace.runtime;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a process has opened: closed in reverse order, each part even if another fails. Used while starting, too, where what
 * was opened before a failure must not stay open. Thread-safe.
 */
public final class Opened implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Opened.class);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    /** Remembers a part and returns it. */
    public synchronized <T extends AutoCloseable> T add(T part) {
        parts.push(part);
        return part;
    }

    private synchronized AutoCloseable[] takeAll() {
        AutoCloseable[] all = parts.toArray(new AutoCloseable[0]);
        parts.clear();
        return all;
    }

    /** Closes all parts, the last opened first; what fails is logged. Nothing happens the second time. */
    @Override
    public void close() {
        for (AutoCloseable part : takeAll()) {
            try {
                part.close();
            } catch (Exception e) {
                LOG.error("{} did not close", part.getClass().getSimpleName(), e);
            }
        }
    }
}
