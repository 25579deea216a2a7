package dev.reverie.deploy.it;

import dev.reverie.client.ReverieClient;
import dev.reverie.deploy.RandomSamples;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A service with two classes, and its page in a browser. */
abstract class AbstractBrowserTest {

    private static final Pattern ADDRESS = Pattern.compile("listening on (\\S+)\\R");
    static final int ENOUGH = 128;
    private static final String OFTEN_EVALUATED =
            "reverie.evaluation { interval = 1 s, test-share = 0.2, min-images = 30, steps = 1, share = 1 }";

    @TempDir
    private Path folder = Path.of("");

    final Browser browser = Browser.open();
    ReverieProcess service;
    ReverieClient client;
    URI address = URI.create("http://localhost");

    @BeforeEach
    void serve() throws Exception {
        serve(0);
        client.deliver(RandomSamples.of(0, ENOUGH, List.of("even", "odd")));
        browser.visit(address);
    }

    void serve(int port) throws Exception {
        Path configuration = Files.writeString(folder.resolve("service.conf"), OFTEN_EVALUATED);
        String store = folder.resolve("store").toString();
        service = ReverieProcess.start(
                folder, List.of("serve", "--config", configuration.toString(), "--store", store, "--port", "" + port));
        address = URI.create(service.awaitLine(ADDRESS));
        client = ReverieClient.builder(address).build();
        ServiceState.awaitReady(client);
    }

    @AfterEach
    void close() {
        try (browser;
                ReverieProcess _ = service;
                ReverieClient _ = client) {
            // If the service did not start, the others are null, and only the browser is closed.
        }
    }
}
