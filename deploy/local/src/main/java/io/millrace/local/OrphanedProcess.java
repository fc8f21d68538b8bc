package io.millrace.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A child process that outlived its parent, found by the file that recorded it. Process ids are used again: only a process
 * with the recorded id <em>and</em> start time is ours.
 */
final class OrphanedProcess {
    private static final Logger LOG = LoggerFactory.getLogger(OrphanedProcess.class);
    /** A child notices by itself that its parent is gone; it gets this long before it is killed. */
    private static final long PATIENCE_SECONDS = 5;

    private OrphanedProcess() {}

    /** Writes down which process to end the next time. */
    static void record(Path file, ProcessHandle process) throws IOException {
        Files.writeString(file, describe(process));
    }

    /** Waits for the recorded process to end, and kills it if it does not. Does nothing if it is gone. */
    static void end(Path file) throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        Optional<ProcessHandle> found = recorded(Files.readString(file));
        if (found.isEmpty()) {
            return;
        }
        ProcessHandle process = found.get();
        LOG.warn("Process {} is left from an earlier run; waiting for its end", process.pid());
        try {
            process.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            LOG.warn("Process {} is killed", process.pid());
            process.destroyForcibly();
            process.onExit().join();
        } catch (ExecutionException e) {
            throw new IOException("cannot wait for process " + process.pid(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for process " + process.pid(), e);
        }
    }

    private static Optional<ProcessHandle> recorded(String description) {
        String pid = description.split(" ", 2)[0];
        if (!pid.matches("\\d{1,18}")) {
            return Optional.empty();
        }
        return ProcessHandle.of(Long.parseLong(pid))
                .filter(process -> describe(process).equals(description));
    }

    private static String describe(ProcessHandle process) {
        Optional<Instant> start = process.info().startInstant();
        return process.pid() + " " + start.map(Instant::toString).orElse("unknown start");
    }
}
