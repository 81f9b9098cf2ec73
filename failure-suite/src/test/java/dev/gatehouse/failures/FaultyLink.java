package dev.gatehouse.failures;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A TCP link that a scenario can cut, freeze and slow down. A new connection goes to the first of the targets that takes it.
 */
final class FaultyLink implements AutoCloseable {
    private static final int CONNECT_MILLIS = 500;

    private static final int PIECE = 8192;

    private final ServerSocket server;

    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private volatile List<Integer> targets;

    private volatile boolean frozen;

    private volatile long delayMillis;

    FaultyLink(List<Integer> targets) {
        this.targets = targets;
        try {
            server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** Where connections go from now on; those that are open are cut. */
    void pointTo(List<Integer> ports) {
        targets = ports;
        cut();
    }

    /** Ends every open connection. */
    void cut() {
        open.forEach(FaultyLink::close);
    }

    /** Holds all bytes, in both directions, and says nothing: the connection is half-open. */
    void freeze() {
        frozen = true;
    }

    /** Delivers what was held, and all that comes, at once. */
    void heal() {
        frozen = false;
        delayMillis = 0;
    }

    /** Delivers each piece so much later, as a buffering proxy does. */
    void delay(long millis) {
        delayMillis = millis;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket near = server.accept();
                Thread.ofVirtual().start(() -> connect(near));
            } catch (IOException e) {
                if (!server.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void connect(Socket near) {
        for (int port : targets) {
            Socket far = new Socket();
            try {
                far.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
                near.setTcpNoDelay(true);
                far.setTcpNoDelay(true);
                open.add(near);
                open.add(far);
                Thread.ofVirtual().start(() -> pump(near, far));
                Thread.ofVirtual().start(() -> pump(far, near));
                return;
            } catch (IOException e) {
                close(far);
            }
        }
        close(near);
    }

    private void pump(Socket from, Socket to) {
        byte[] piece = new byte[PIECE];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
                hold();
                out.write(piece, 0, read);
                out.flush();
            }
        } catch (IOException e) {
            // One of the ends is gone.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            close(from);
            close(to);
            open.remove(from);
            open.remove(to);
        }
    }

    private void hold() throws InterruptedException {
        Thread.sleep(delayMillis);
        while (frozen && !server.isClosed()) {
            Thread.sleep(5);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It was gone already.
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cut();
    }
}
