package io.millrace.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** TCP ports of the loopback address. */
final class Ports {
    static final String HOST = "127.0.0.1";

    private Ports() {}

    /**
     * The port asked for, or a free one for 0.
     *
     * @param option how a user names the port, for the error
     * @throws UserError if another program listens on it
     */
    static int claim(int port, String what, String option) {
        if (port == 0) {
            return free();
        }
        try (ServerSocket socket = new ServerSocket()) {
            // As the servers do: a port whose last connections still linger (TIME_WAIT) can be taken again at once.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(loopback(), port));
            return port;
        } catch (IOException e) {
            throw new UserError(
                    "port " + port + " for " + what + " is in use on " + HOST
                            + ": end the program that listens on it, or choose" + " another port with " + option,
                    e);
        }
    }

    /** A port that was free a moment ago. */
    static int free() {
        try (ServerSocket socket = new ServerSocket(0, 1, loopback())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port on " + HOST, e);
        }
    }

    private static InetAddress loopback() throws IOException {
        // Not getLoopbackAddress(): with -Djava.net.preferIPv6Addresses that is ::1, and the servers are told
        // 127.0.0.1.
        return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    }
}
