package dev.reverie.streams.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/** A raw TCP connection that sends any bytes at any speed. */
final class Connection implements AutoCloseable {

    private static final int PACE = 50;

    private final Socket socket;

    Connection(int port) {
        try {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(PACE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Connection send(String text) {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    Connection send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** Closes the sending half of the connection. */
    Connection finish() {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** Resets the connection, as if the client was killed or lost its network. */
    void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a byte at intervals and returns everything received until the server closes the connection. */
    String drip() {
        return untilClosed(true);
    }

    /** Returns everything received until the server closes the connection. */
    String rest() {
        return untilClosed(false);
    }

    CompletableFuture<String> dripAside() {
        return CompletableFuture.supplyAsync(this::drip);
    }

    private String untilClosed(boolean dripping) {
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        while (true) {
            try {
                int next = socket.getInputStream().read();
                if (next < 0) {
                    return received.toString(StandardCharsets.UTF_8);
                }
                received.write(next);
            } catch (SocketTimeoutException _) {
                if (dripping && !sends('a')) {
                    return received.toString(StandardCharsets.UTF_8);
                }
            } catch (SocketException _) {
                return received.toString(StandardCharsets.UTF_8); // connection reset
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Returns everything received up to and including {@code end}. */
    String readUntil(String end) {
        StringBuilder received = new StringBuilder();
        while (received.indexOf(end) < 0) {
            try {
                int next = socket.getInputStream().read();
                if (next < 0) {
                    throw new AssertionError("closed after " + received);
                }
                received.append((char) next);
            } catch (SocketTimeoutException _) {
                // wait for more bytes
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return received.toString();
    }

    /** Reads and discards so many bytes. */
    void skip(long count) {
        long left = count;
        byte[] buffer = new byte[1 << 16];
        while (left > 0) {
            try {
                int read = socket.getInputStream().read(buffer, 0, (int) Math.min(left, buffer.length));
                if (read < 0) {
                    throw new AssertionError("closed with " + left + " bytes to go");
                }
                left -= read;
            } catch (SocketTimeoutException _) {
                // wait for more bytes
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private boolean sends(char character) {
        try {
            socket.getOutputStream().write(character);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
