package dev.reverie.client;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.regex.Pattern;

/** The settings of a {@link ReverieClient}. */
public final class ReverieClientBuilder {

    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/=-]+");

    private final URI address;
    private Optional<String> token = Optional.empty();
    private Duration timeout = Duration.ofMinutes(1);
    private Duration patience = Duration.ZERO;
    private InstantSource clock = steadyClock();

    ReverieClientBuilder(URI address) {
        this.address = address;
    }

    /**
     * Sets the token to send, for services that require one.
     *
     * @throws IllegalArgumentException if no token can have this text
     */
    public ReverieClientBuilder token(String bearer) {
        if (!TOKEN.matcher(bearer).matches()) {
            throw new IllegalArgumentException(
                    "a token is one line of letters, digits and . _ ~ + / = -: correct the token");
        }
        token = Optional.of(bearer);
        return this;
    }

    /** Sets the longest time to wait for a whole response, or for the next byte of a backup; 1 minute by default. */
    public ReverieClientBuilder timeout(Duration length) {
        timeout = positive(length);
        return this;
    }

    /**
     * Sets the time for which a call is repeated while the service is overloaded, full, not ready or restarting. By
     * default, each request is sent once. Calls can be repeated safely, because the service recognises duplicates.
     * Nothing is repeated at an address that has never answered.
     */
    public ReverieClientBuilder patience(Duration length) {
        patience = positive(length);
        return this;
    }

    ReverieClientBuilder clock(InstantSource source) {
        clock = source;
        return this;
    }

    /** Returns a clock for durations, which does not change when somebody sets the clock of the machine. */
    private static InstantSource steadyClock() {
        Instant start = Instant.now();
        long startNanos = System.nanoTime();
        return () -> start.plusNanos(System.nanoTime() - startNanos);
    }

    private static Duration positive(Duration length) {
        if (!length.isPositive()) {
            throw new IllegalArgumentException("a client cannot wait for " + length + ": use a positive duration");
        }
        return length;
    }

    public ReverieClient build() {
        return new ReverieClient(new ApiConnection(address, token, timeout, patience, clock), clock);
    }
}
