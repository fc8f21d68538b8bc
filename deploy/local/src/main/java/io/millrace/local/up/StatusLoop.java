package io.millrace.local.up;

import io.millrace.local.terminal.Terminal;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Shows the status until told to stop: on a terminal a block that is redrawn each second, elsewhere a line each ten. */
final class StatusLoop {
    private static final long TERMINAL_SECONDS = 1;
    private static final long FILE_SECONDS = 10;
    /** Lines of the block without, and with, the table of the eight markets. */
    private static final int LINES_WITH_MARKETS = 18;

    private final Running running;
    private final Terminal terminal;
    private final PrintWriter out;
    private final long begin = System.nanoTime();
    private int drawn;

    StatusLoop(Running running, Terminal terminal, PrintWriter out) {
        this.running = running;
        this.terminal = terminal;
        this.out = out;
    }

    void until(CompletableFuture<String> stop) {
        while (!completes(stop, terminal.interactive() ? TERMINAL_SECONDS : FILE_SECONDS)) {
            long upMillis = (System.nanoTime() - begin) / 1_000_000;
            if (terminal.interactive()) {
                List<String> lines =
                        StatusBoard.block(running.activity(), upMillis, terminal, terminal.rows() > LINES_WITH_MARKETS);
                out.print(Terminal.up(drawn) + Terminal.over(lines));
                drawn = lines.size();
            } else {
                out.println(StatusBoard.line(running.activity(), upMillis));
            }
            out.flush();
        }
    }

    private static boolean completes(CompletableFuture<String> stop, long seconds) {
        try {
            stop.get(seconds, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stop.complete("interrupted");
            return true;
        }
    }
}
