package dev.reverie.deploy.fetch;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;

/**
 * The web server of a publisher.
 *
 * @param base address of the folder with the files, ending with a slash
 * @param proxies the proxies through which the server is reached
 */
record PublisherSource(URI base, ProxyVariables proxies) implements DatasetRelease.Source {

    private static final int OK = 200;
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(15);
    private static final int SILENT_SECONDS = 60;
    /** Bytes that a download may have beyond those of the stored file, because gzip lengthens some content. */
    private static final long MARGIN = 1 << 20;

    /** The server, reached through the proxies that the environment of this process names. */
    PublisherSource(URI base) {
        this(base, new ProxyVariables(System.getenv()));
    }

    @Override
    public String name() {
        return base.toString();
    }

    @Override
    public Path get(ReleaseFile file, Path workFolder, LongConsumer arrived) throws IOException {
        proxies.require(base);
        try (HttpClient client = HttpClient.newBuilder()
                .connectTimeout(CONNECT_LIMIT)
                .followRedirects(Redirect.NORMAL)
                .proxy(proxies)
                .build()) {
            return download(client, file, workFolder.resolve(file.downloadName()), arrived);
        }
    }

    private Path download(HttpClient client, ReleaseFile file, Path target, LongConsumer arrived) throws IOException {
        String name = file.downloadName();
        HttpRequest request = HttpRequest.newBuilder(base.resolve(name))
                .timeout(CONNECT_LIMIT)
                .build();
        BodyHandler<Path> body = BodyHandlers.limiting(BodyHandlers.ofFile(target), file.bytes() + MARGIN);
        try {
            HttpResponse<Path> response = await(client.sendAsync(request, body), client, target, arrived);
            if (response.statusCode() != OK) {
                throw new IOException(
                        "the server answered the request for " + name + " with status " + response.statusCode());
            }
            return response.body();
        } catch (ExecutionException e) {
            String reason = size(target) > file.bytes()
                    ? "the server sends more than the " + file.bytes() + " bytes of " + name
                    : reason(Objects.requireNonNullElse(e.getCause(), e));
            throw new IOException(reason, e);
        }
    }

    /** Waits as long as data arrives, because the timeout of the request covers only the headers of the response. */
    private static <T> T await(CompletableFuture<T> response, HttpClient client, Path target, LongConsumer arrived)
            throws IOException, ExecutionException {
        long size = 0;
        int silent = 0;
        while (silent < SILENT_SECONDS) {
            try {
                return response.get(1, TimeUnit.SECONDS);
            } catch (TimeoutException _) {
                long now = size(target);
                silent = now > size ? 0 : silent + 1;
                size = now;
                arrived.accept(size);
            } catch (InterruptedException e) {
                client.shutdownNow();
                Thread.currentThread().interrupt();
                throw (IOException) new InterruptedIOException("interrupted").initCause(e);
            }
        }
        client.shutdownNow();
        throw new IOException("the server sent nothing for " + SILENT_SECONDS + " seconds");
    }

    private static long size(Path file) throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    /** Explains a refused connection or an unknown host, because their exceptions have no message. */
    private static String reason(Throwable failure) {
        return failure instanceof ConnectException || failure instanceof HttpConnectTimeoutException
                ? "the server cannot be reached from here"
                : Objects.requireNonNullElseGet(
                        failure.getMessage(), () -> failure.getClass().getSimpleName());
    }
}
