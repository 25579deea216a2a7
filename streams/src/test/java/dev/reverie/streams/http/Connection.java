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

/** A connection on which anything may be said, as slowly as one likes. */
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

    /** Half a connection: nothing more is sent. */
    Connection finish() {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** Gone without a goodbye, as from a program that was killed or a machine that lost its network. */
    void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Everything that comes until the other side closes, while a byte is sent every now and then. */
    String drip() {
        return untilClosed(true);
    }

    /** Everything that comes until the other side closes. */
    String rest() {
        return untilClosed(false);
    }

    CompletableFuture<String> dripAside() {
        return CompletableFuture.supplyAsync(this::drip);
    }

    private String untilClosed(boolean dripping) {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        while (true) {
            try {
                int next = socket.getInputStream().read();
                if (next < 0) {
                    return answer.toString(StandardCharsets.UTF_8);
                }
                answer.write(next);
            } catch (SocketTimeoutException _) {
                if (dripping && !sends('a')) {
                    return answer.toString(StandardCharsets.UTF_8);
                }
            } catch (SocketException _) {
                return answer.toString(StandardCharsets.UTF_8); // closed the hard way
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** What comes up to and including {@code end}. */
    String readUntil(String end) {
        StringBuilder answer = new StringBuilder();
        while (answer.indexOf(end) < 0) {
            try {
                int next = socket.getInputStream().read();
                if (next < 0) {
                    throw new AssertionError("closed after " + answer);
                }
                answer.append((char) next);
            } catch (SocketTimeoutException _) {
                // not yet
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return answer.toString();
    }

    /** Reads and forgets as many bytes. */
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
                // not yet
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
