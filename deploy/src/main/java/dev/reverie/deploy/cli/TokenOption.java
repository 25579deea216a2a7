package dev.reverie.deploy.cli;

import dev.reverie.client.ReverieClient;
import dev.reverie.client.ReverieClientBuilder;
import dev.reverie.deploy.run.InputException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The token that authorises a client. */
public final class TokenOption {

    @Option(names = "--token", paramLabel = "T", description = "Token for a service that requires one.")
    Optional<String> text = Optional.empty();

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "File that contains the token. Unlike --token, it keeps the token out of the process list.")
    Optional<Path> file = Optional.empty();

    public boolean isGiven() {
        return text.isPresent() || file.isPresent();
    }

    /** Returns a client with this token of the service at {@code address}. */
    public ReverieClient clientOf(URI address) {
        try {
            ReverieClientBuilder client = ReverieClient.builder(address);
            text.ifPresent(client::token);
            file.ifPresent(path -> setToken(client, path));
            return client.build();
        } catch (IllegalArgumentException e) {
            throw new InputException(String.valueOf(e.getMessage()));
        }
    }

    private static void setToken(ReverieClientBuilder client, Path file) {
        try {
            client.token(Files.readString(file).strip());
        } catch (IOException e) {
            throw new InputException(
                    "the token file " + file + " cannot be read: name a readable file with --token-file");
        } catch (IllegalArgumentException e) {
            throw new InputException(
                    "the token file " + file + " contains no token, which is one line of letters, digits"
                            + " and . _ ~ + / = -: correct the file");
        }
    }
}
