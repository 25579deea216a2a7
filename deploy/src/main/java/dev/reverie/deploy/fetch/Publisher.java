package dev.reverie.deploy.fetch;

import dev.reverie.gpu.dataset.published.IdxFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The gzipped files on a web server.
 *
 * @param base address of the folder that holds them, ends with a slash
 */
record Publisher(URI base) implements Source {

    private static final int OK = 200;
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(15);
    private static final Duration FILE_LIMIT = Duration.ofMinutes(10);

    @Override
    public String name() {
        return base.toString();
    }

    @Override
    public void deliver(Set<IdxFile> wanted, Path workshop, Recipient recipient) throws IOException {
        try (HttpClient client = HttpClient.newBuilder()
                .connectTimeout(CONNECT_LIMIT)
                .followRedirects(Redirect.NORMAL)
                .build()) {
            for (IdxFile file : wanted) {
                Path download = download(client, file, workshop);
                try (InputStream content = Files.newInputStream(download)) {
                    recipient.accept(file, content);
                }
                Files.delete(download);
            }
        }
    }

    private Path download(HttpClient client, IdxFile file, Path workshop) throws IOException {
        String name = file.fileName() + ".gz";
        HttpRequest request = HttpRequest.newBuilder(base.resolve(name))
                .timeout(CONNECT_LIMIT)
                .build();
        HttpResponse<Path> response =
                await(client.sendAsync(request, BodyHandlers.ofFile(workshop.resolve(name))), client);
        if (response.statusCode() != OK) {
            throw new IOException(name + " was answered with status " + response.statusCode());
        }
        return response.body();
    }

    /** The request's own limit ends with the response's header, so the body gets one here. */
    private static <T> T await(CompletableFuture<T> response, HttpClient client) throws IOException {
        try {
            return response.get(FILE_LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            client.shutdownNow();
            throw new IOException("no answer within " + FILE_LIMIT.toMinutes() + " minutes", e);
        } catch (InterruptedException e) {
            client.shutdownNow();
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted");
            interrupted.initCause(e);
            throw interrupted;
        } catch (ExecutionException e) {
            throw new IOException(reason(Objects.requireNonNullElse(e.getCause(), e)), e);
        }
    }

    /** A refused connection and an unknown host come without a message. */
    private static String reason(Throwable failure) {
        return failure instanceof ConnectException
                ? "cannot connect"
                : Objects.requireNonNullElseGet(
                        failure.getMessage(), () -> failure.getClass().getSimpleName());
    }
}
